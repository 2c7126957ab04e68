"""Where a template can hold a secret: the properties that are one, and the texts that may have one in them.

Paths are written from `Properties` down; `*` stands for every item of a list. Only what is secret by itself stands
here: the name or the ARN of a secret is none, nor is a user's name.

Sources: CloudFormation resource specification (the JSON schema of each type: `writeOnlyProperties`, and properties
named password, secret, token, key or passphrase whose description says that they are credentials); service references
for the free maps (AWS Glue connection properties, Cognito `ProviderDetails`, CodePipeline action `Configuration`).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Day on which the schemas were read, ISO 8601.
AS_OF: Final = "2026-11-23"

_SECRETS: Final[dict[str, tuple[str, ...]]] = {
    "AWS::AmazonMQ::Broker": ("LdapServerMetadata.ServiceAccountPassword", "Users.*.Password"),
    "AWS::Amplify::App": (
        "AccessToken",
        "AutoBranchCreationConfig.BasicAuthConfig.Password",
        "BasicAuthConfig.Password",
        "OauthToken",
    ),
    "AWS::Amplify::Branch": ("BasicAuthConfig.Password",),
    "AWS::ApiGateway::ApiKey": ("Value",),
    "AWS::AppFabric::AppAuthorization": (
        "Credential.ApiKeyCredential.ApiKey",
        "Credential.Oauth2Credential.ClientSecret",
    ),
    "AWS::AppFlow::ConnectorProfile": (
        "ConnectorProfileConfig.ConnectorProfileCredentials.Amplitude.ApiKey",
        "ConnectorProfileConfig.ConnectorProfileCredentials.Amplitude.SecretKey",
        "ConnectorProfileConfig.ConnectorProfileCredentials.CustomConnector.ApiKey.ApiKey",
        "ConnectorProfileConfig.ConnectorProfileCredentials.CustomConnector.ApiKey.ApiSecretKey",
        "ConnectorProfileConfig.ConnectorProfileCredentials.CustomConnector.Basic.Password",
        "ConnectorProfileConfig.ConnectorProfileCredentials.CustomConnector.Oauth2.AccessToken",
        "ConnectorProfileConfig.ConnectorProfileCredentials.CustomConnector.Oauth2.ClientSecret",
        "ConnectorProfileConfig.ConnectorProfileCredentials.CustomConnector.Oauth2.RefreshToken",
        "ConnectorProfileConfig.ConnectorProfileCredentials.Datadog.ApiKey",
        "ConnectorProfileConfig.ConnectorProfileCredentials.Dynatrace.ApiToken",
        "ConnectorProfileConfig.ConnectorProfileCredentials.GoogleAnalytics.AccessToken",
        "ConnectorProfileConfig.ConnectorProfileCredentials.GoogleAnalytics.ClientSecret",
        "ConnectorProfileConfig.ConnectorProfileCredentials.GoogleAnalytics.RefreshToken",
        "ConnectorProfileConfig.ConnectorProfileCredentials.InforNexus.SecretAccessKey",
        "ConnectorProfileConfig.ConnectorProfileCredentials.Marketo.AccessToken",
        "ConnectorProfileConfig.ConnectorProfileCredentials.Marketo.ClientSecret",
        "ConnectorProfileConfig.ConnectorProfileCredentials.Pardot.AccessToken",
        "ConnectorProfileConfig.ConnectorProfileCredentials.Pardot.RefreshToken",
        "ConnectorProfileConfig.ConnectorProfileCredentials.Redshift.Password",
        "ConnectorProfileConfig.ConnectorProfileCredentials.SAPOData.BasicAuthCredentials.Password",
        "ConnectorProfileConfig.ConnectorProfileCredentials.SAPOData.OAuthCredentials.AccessToken",
        "ConnectorProfileConfig.ConnectorProfileCredentials.SAPOData.OAuthCredentials.ClientSecret",
        "ConnectorProfileConfig.ConnectorProfileCredentials.SAPOData.OAuthCredentials.RefreshToken",
        "ConnectorProfileConfig.ConnectorProfileCredentials.Salesforce.AccessToken",
        "ConnectorProfileConfig.ConnectorProfileCredentials.Salesforce.JwtToken",
        "ConnectorProfileConfig.ConnectorProfileCredentials.Salesforce.RefreshToken",
        "ConnectorProfileConfig.ConnectorProfileCredentials.ServiceNow.OAuth2Credentials.AccessToken",
        "ConnectorProfileConfig.ConnectorProfileCredentials.ServiceNow.OAuth2Credentials.ClientSecret",
        "ConnectorProfileConfig.ConnectorProfileCredentials.ServiceNow.OAuth2Credentials.RefreshToken",
        "ConnectorProfileConfig.ConnectorProfileCredentials.ServiceNow.Password",
        "ConnectorProfileConfig.ConnectorProfileCredentials.Singular.ApiKey",
        "ConnectorProfileConfig.ConnectorProfileCredentials.Slack.AccessToken",
        "ConnectorProfileConfig.ConnectorProfileCredentials.Slack.ClientSecret",
        "ConnectorProfileConfig.ConnectorProfileCredentials.Snowflake.Password",
        "ConnectorProfileConfig.ConnectorProfileCredentials.Trendmicro.ApiSecretKey",
        "ConnectorProfileConfig.ConnectorProfileCredentials.Veeva.Password",
        "ConnectorProfileConfig.ConnectorProfileCredentials.Zendesk.AccessToken",
        "ConnectorProfileConfig.ConnectorProfileCredentials.Zendesk.ClientSecret",
    ),
    "AWS::AppStream::DirectoryConfig": ("ServiceAccountCredentials.AccountPassword",),
    "AWS::BackupGateway::Hypervisor": ("Password",),
    "AWS::BedrockAgentCore::ApiKeyCredentialProvider": ("ApiKey",),
    "AWS::BedrockAgentCore::OAuth2CredentialProvider": (
        "Oauth2ProviderConfigInput.AtlassianOauth2ProviderConfig.ClientSecret",
        "Oauth2ProviderConfigInput.CustomOauth2ProviderConfig.ClientSecret",
        "Oauth2ProviderConfigInput.CustomOauth2ProviderConfig.OnBehalfOfTokenExchangeConfig.TokenExchangeGrantTypeConfig.ActorTokenScopes.*",
        "Oauth2ProviderConfigInput.GithubOauth2ProviderConfig.ClientSecret",
        "Oauth2ProviderConfigInput.GoogleOauth2ProviderConfig.ClientSecret",
        "Oauth2ProviderConfigInput.IncludedOauth2ProviderConfig.ClientSecret",
        "Oauth2ProviderConfigInput.LinkedinOauth2ProviderConfig.ClientSecret",
        "Oauth2ProviderConfigInput.MicrosoftOauth2ProviderConfig.ClientSecret",
        "Oauth2ProviderConfigInput.SalesforceOauth2ProviderConfig.ClientSecret",
        "Oauth2ProviderConfigInput.SlackOauth2ProviderConfig.ClientSecret",
        "Oauth2ProviderConfigOutput.OnBehalfOfTokenExchangeConfig.TokenExchangeGrantTypeConfig.ActorTokenScopes.*",
    ),
    "AWS::BedrockAgentCore::PaymentCredentialProvider": (
        "ProviderConfigurationInput.CoinbaseCdpConfiguration.ApiKeySecret",
        "ProviderConfigurationInput.CoinbaseCdpConfiguration.WalletSecret",
        "ProviderConfigurationInput.StripePrivyConfiguration.AppSecret",
        "ProviderConfigurationInput.StripePrivyConfiguration.AuthorizationPrivateKey",
    ),
    "AWS::CloudWatch::Integration": ("Credential.ApiKeyCredential.ApiKeyValue",),
    "AWS::CodeBuild::SourceCredential": ("Token",),
    "AWS::CodePipeline::Pipeline": ("Stages.*.Actions.*.Configuration.OAuthToken",),
    "AWS::CodePipeline::Webhook": ("AuthenticationConfiguration.SecretToken",),
    "AWS::CodeStar::GitHubRepository": ("RepositoryAccessToken",),
    "AWS::Cognito::UserPoolIdentityProvider": ("ProviderDetails.client_secret",),
    "AWS::Connect::User": ("Password",),
    "AWS::DMS::Endpoint": (
        "GcpMySQLSettings.Password",
        "KafkaSettings.SaslPassword",
        "KafkaSettings.SslClientKeyPassword",
        "MicrosoftSqlServerSettings.Password",
        "MongoDbSettings.Password",
        "OracleSettings.AsmPassword",
        "OracleSettings.SecurityDbEncryption",
        "Password",
        "RedisSettings.AuthPassword",
    ),
    "AWS::DataSync::LocationAzureBlob": ("AzureBlobSasConfiguration.AzureBlobSasToken",),
    "AWS::DataSync::LocationFSxONTAP": ("Protocol.SMB.Password",),
    "AWS::DataSync::LocationFSxWindows": ("Password",),
    "AWS::DataSync::LocationObjectStorage": ("AccessKey", "SecretKey"),
    "AWS::DataSync::LocationSMB": ("Password",),
    "AWS::DataZone::Connection": (
        "Props.GlueProperties.GlueConnectionInput.AuthenticationConfiguration.BasicAuthenticationCredentials.Password",
        "Props.RedshiftProperties.Credentials.UsernamePassword.Password",
    ),
    "AWS::DevOpsAgent::AgentSpace": ("OperatorApp.Idp.ClientSecret",),
    "AWS::DevOpsAgent::Service": (
        "ServiceDetails.Dynatrace.AuthorizationConfig.OAuthClientCredentials.ClientSecret",
        "ServiceDetails.GitHub.AppVerification.TokenValue",
        "ServiceDetails.GitHub.DirectAccess.TokenValue",
        "ServiceDetails.GitLab.TokenValue",
        "ServiceDetails.MCPServer.AuthorizationConfig.ApiKey.ApiKeyValue",
        "ServiceDetails.MCPServer.AuthorizationConfig.BearerToken.TokenValue",
        "ServiceDetails.MCPServer.AuthorizationConfig.OAuthClientCredentials.ClientSecret",
        "ServiceDetails.MCPServerGrafana.AuthorizationConfig.BearerToken.TokenValue",
        "ServiceDetails.MCPServerNewRelic.AuthorizationConfig.ApiKey.ApiKey",
        "ServiceDetails.MCPServerSplunk.AuthorizationConfig.BearerToken.TokenValue",
        "ServiceDetails.PagerDuty.AuthorizationConfig.OAuthClientCredentials.ClientSecret",
        "ServiceDetails.ServiceNow.AuthorizationConfig.OAuthClientCredentials.ClientSecret",
    ),
    "AWS::DirectConnect::PrivateVirtualInterface": ("BgpPeers.*.AuthKey",),
    "AWS::DirectConnect::PublicVirtualInterface": ("BgpPeers.*.AuthKey",),
    "AWS::DirectConnect::TransitVirtualInterface": ("BgpPeers.*.AuthKey",),
    "AWS::DirectoryService::MicrosoftAD": ("Password",),
    "AWS::DirectoryService::SimpleAD": ("Password",),
    "AWS::DocDB::DBCluster": ("MasterUserPassword",),
    "AWS::DocDBElastic::Cluster": ("AdminUserPassword",),
    "AWS::EC2::VPNConnection": ("VpnTunnelOptionsSpecifications.*.PreSharedKey",),
    "AWS::EC2::VerifiedAccessTrustProvider": ("NativeApplicationOidcOptions.ClientSecret", "OidcOptions.ClientSecret"),
    "AWS::EMR::Cluster": (
        "KerberosAttributes.ADDomainJoinPassword",
        "KerberosAttributes.CrossRealmTrustPrincipalPassword",
        "KerberosAttributes.KdcAdminPassword",
    ),
    "AWS::ElastiCache::ReplicationGroup": ("AuthToken",),
    "AWS::ElastiCache::User": ("AuthenticationMode.Passwords.*", "Passwords.*"),
    "AWS::ElasticLoadBalancingV2::Listener": ("DefaultActions.*.AuthenticateOidcConfig.ClientSecret",),
    "AWS::ElasticLoadBalancingV2::ListenerRule": ("Actions.*.AuthenticateOidcConfig.ClientSecret",),
    "AWS::Elasticsearch::Domain": ("AdvancedSecurityOptions.MasterUserOptions.MasterUserPassword",),
    "AWS::Events::Connection": (
        "AuthParameters.ApiKeyAuthParameters.ApiKeyValue",
        "AuthParameters.BasicAuthParameters.Password",
        "AuthParameters.OAuthParameters.ClientParameters.ClientSecret",
    ),
    "AWS::FSx::FileSystem": (
        "OntapConfiguration.FsxAdminPassword",
        "WindowsConfiguration.SelfManagedActiveDirectoryConfiguration.Password",
    ),
    "AWS::FSx::StorageVirtualMachine": (
        "ActiveDirectoryConfiguration.SelfManagedActiveDirectoryConfiguration.Password",
        "SvmAdminPassword",
    ),
    "AWS::Glue::Connection": (
        "ConnectionInput.AuthenticationConfiguration.BasicAuthenticationCredentials.Password",
        "ConnectionInput.AuthenticationConfiguration.OAuth2Properties.OAuth2Credentials.AccessToken",
        "ConnectionInput.AuthenticationConfiguration.OAuth2Properties.OAuth2Credentials.JwtToken",
        "ConnectionInput.AuthenticationConfiguration.OAuth2Properties.OAuth2Credentials.RefreshToken",
        "ConnectionInput.AuthenticationConfiguration.OAuth2Properties.OAuth2Credentials.UserManagedClientApplicationClientSecret",
        "ConnectionInput.ConnectionProperties.ENCRYPTED_PASSWORD",
        "ConnectionInput.ConnectionProperties.KAFKA_CLIENT_KEYSTORE_PASSWORD",
        "ConnectionInput.ConnectionProperties.KAFKA_CLIENT_KEY_PASSWORD",
        "ConnectionInput.ConnectionProperties.KAFKA_SASL_PLAIN_PASSWORD",
        "ConnectionInput.ConnectionProperties.KAFKA_SASL_SCRAM_PASSWORD",
        "ConnectionInput.ConnectionProperties.PASSWORD",
    ),
    "AWS::IAM::SAMLProvider": ("AddPrivateKey",),
    "AWS::IAM::ServerCertificate": ("PrivateKey",),
    "AWS::IAM::User": ("LoginProfile.Password",),
    "AWS::InspectorV2::CodeSecurityIntegration": ("CreateIntegrationDetails.gitlabSelfManaged.accessToken",),
    "AWS::Invoicing::ProcurementPortalPreference": (
        "ProcurementPortalSharedSecret",
        "TestEnvPreference.ProcurementPortalSharedSecret",
    ),
    "AWS::IoT::TopicRuleDestination": ("InfluxDBProperties.SecretKey",),
    "AWS::IoTWireless::PartnerAccount": ("Sidewalk.AppServerPrivateKey", "SidewalkUpdate.AppServerPrivateKey"),
    "AWS::IoTWireless::WirelessDevice": (
        "LoRaWAN.AbpV10x.SessionKeys.AppSKey",
        "LoRaWAN.AbpV10x.SessionKeys.NwkSKey",
        "LoRaWAN.AbpV11.SessionKeys.AppSKey",
        "LoRaWAN.OtaaV10x.AppKey",
        "LoRaWAN.OtaaV11.AppKey",
        "LoRaWAN.OtaaV11.NwkKey",
    ),
    "AWS::KinesisFirehose::DeliveryStream": (
        "HttpEndpointDestinationConfiguration.EndpointConfiguration.AccessKey",
        "RedshiftDestinationConfiguration.Password",
        "SnowflakeDestinationConfiguration.KeyPassphrase",
        "SnowflakeDestinationConfiguration.PrivateKey",
        "SplunkDestinationConfiguration.HECToken",
    ),
    "AWS::Lightsail::Database": ("MasterUserPassword",),
    "AWS::ManagedBlockchain::Member": (
        "MemberConfiguration.MemberFrameworkConfiguration.MemberFabricConfiguration.AdminPassword",
    ),
    "AWS::MemoryDB::User": ("AuthenticationMode.Passwords.*",),
    "AWS::OpenSearchService::Domain": ("AdvancedSecurityOptions.MasterUserOptions.MasterUserPassword",),
    "AWS::OpsWorks::App": ("AppSource.Password", "AppSource.SshKey", "SslConfiguration.PrivateKey"),
    "AWS::OpsWorks::Stack": ("CustomCookbooksSource.Password", "CustomCookbooksSource.SshKey"),
    "AWS::Pinpoint::ADMChannel": ("ClientSecret",),
    "AWS::Pinpoint::APNSChannel": ("PrivateKey", "TokenKey"),
    "AWS::Pinpoint::APNSSandboxChannel": ("PrivateKey", "TokenKey"),
    "AWS::Pinpoint::APNSVoipChannel": ("PrivateKey", "TokenKey"),
    "AWS::Pinpoint::APNSVoipSandboxChannel": ("PrivateKey", "TokenKey"),
    "AWS::Pinpoint::BaiduChannel": ("ApiKey", "SecretKey"),
    "AWS::Pinpoint::GCMChannel": ("ApiKey",),
    "AWS::QuickSight::ActionConnector": (
        "AuthenticationConfig.AuthenticationMetadata.ApiKeyConnectionMetadata.ApiKey",
        "AuthenticationConfig.AuthenticationMetadata.AuthorizationCodeGrantMetadata.AuthorizationCodeGrantCredentialsDetails.AuthorizationCodeGrantDetails.ClientSecret",
        "AuthenticationConfig.AuthenticationMetadata.BasicAuthConnectionMetadata.Password",
        "AuthenticationConfig.AuthenticationMetadata.ClientCredentialsGrantMetadata.ClientCredentialsDetails.ClientCredentialsGrantDetails.ClientSecret",
    ),
    "AWS::QuickSight::DataSource": (
        "Credentials.CredentialPair.Password",
        "Credentials.KeyPairCredentials.PrivateKey",
        "Credentials.KeyPairCredentials.PrivateKeyPassphrase",
        "Credentials.OAuthClientCredentials.ClientSecret",
    ),
    "AWS::QuickSight::OAuthClientApplication": ("ClientSecret",),
    "AWS::RDS::DBCluster": ("MasterUserPassword",),
    "AWS::RDS::DBInstance": ("MasterUserPassword", "TdeCredentialPassword"),
    "AWS::Redshift::Cluster": ("MasterUserPassword",),
    "AWS::RedshiftServerless::Namespace": ("AdminUserPassword",),
    "AWS::SES::EmailIdentity": ("DkimSigningAttributes.DomainSigningPrivateKey",),
    "AWS::SES::MailManagerIngressPoint": ("IngressPointConfiguration.SmtpPassword",),
    "AWS::SageMaker::Workforce": ("OidcConfig.ClientSecret",),
    "AWS::SecretsManager::Secret": ("SecretString",),
    "AWS::SecurityAgent::Integration": ("ProviderInput.Gitlab.AccessToken",),
    "AWS::SecurityLake::SubscriberNotification": (
        "NotificationConfiguration.HttpsNotificationConfiguration.AuthorizationApiKeyValue",
    ),
    "AWS::Timestream::InfluxDBCluster": ("Password",),
    "AWS::Timestream::InfluxDBInstance": ("Password",),
    "AWS::Transfer::Certificate": ("PrivateKey",),
    "Alexa::ASK::Skill": ("AuthenticationConfiguration.ClientSecret", "AuthenticationConfiguration.RefreshToken"),
}

#: What a shell, a build, an agent or a container runs or reads: `NAME=value` sets a variable.
_SCRIPTS: Final[dict[str, tuple[str, ...]]] = {
    "AWS::AmazonMQ::Configuration": ("Data",),
    "AWS::Amplify::App": ("BuildSpec",),
    "AWS::Amplify::Branch": ("BuildSpec",),
    "AWS::AppConfig::HostedConfigurationVersion": ("Content",),
    "AWS::AppRunner::Service": (
        "SourceConfiguration.CodeRepository.CodeConfiguration.CodeConfigurationValues.BuildCommand",
        "SourceConfiguration.CodeRepository.CodeConfiguration.CodeConfigurationValues.StartCommand",
        "SourceConfiguration.ImageRepository.ImageConfiguration.StartCommand",
    ),
    "AWS::AutoScaling::LaunchConfiguration": ("UserData",),
    "AWS::Batch::JobDefinition": (
        "ContainerProperties.Command",
        "EcsProperties.TaskProperties.*.Containers.*.Command",
        "EksProperties.PodProperties.Containers.*.Args",
        "EksProperties.PodProperties.Containers.*.Command",
        "NodeProperties.NodeRangeProperties.*.Container.Command",
    ),
    "AWS::CodeBuild::Project": ("Source.BuildSpec", "SecondarySources.*.BuildSpec"),
    "AWS::EC2::Instance": ("UserData",),
    "AWS::EC2::LaunchTemplate": ("LaunchTemplateData.UserData",),
    "AWS::EC2::SpotFleet": ("SpotFleetRequestConfigData.LaunchSpecifications.*.UserData",),
    "AWS::ECS::TaskDefinition": (
        "ContainerDefinitions.*.Command",
        "ContainerDefinitions.*.EntryPoint",
        "ContainerDefinitions.*.HealthCheck.Command",
    ),
    "AWS::EMR::Cluster": ("BootstrapActions.*.ScriptBootstrapAction.Args", "Steps.*.HadoopJarStep.Args"),
    "AWS::EMR::Step": ("HadoopJarStep.Args",),
    "AWS::GameLift::Fleet": ("RuntimeConfiguration.ServerProcesses.*.Parameters",),
    "AWS::GreengrassV2::ComponentVersion": ("InlineRecipe",),
    "AWS::ImageBuilder::Component": ("Data",),
    "AWS::ImageBuilder::ContainerRecipe": ("DockerfileTemplateData",),
    "AWS::ImageBuilder::ImageRecipe": ("AdditionalInstanceConfiguration.UserDataOverride",),
    "AWS::Lightsail::Container": ("ContainerServiceDeployment.Containers.*.Command",),
    "AWS::Lightsail::Instance": ("UserData",),
    "AWS::MSK::Configuration": ("ServerProperties",),
    "AWS::Pipes::Pipe": (
        "TargetParameters.BatchJobParameters.ContainerOverrides.Command",
        "TargetParameters.EcsTaskParameters.Overrides.ContainerOverrides.*.Command",
    ),
    "AWS::SSM::Association": ("Parameters.commands",),
    "AWS::SSM::Document": ("Content",),
    "AWS::SageMaker::NotebookInstanceLifecycleConfig": ("OnCreate.*.Content", "OnStart.*.Content"),
    "AWS::SageMaker::ProcessingJob": ("AppSpecification.ContainerArguments", "AppSpecification.ContainerEntrypoint"),
    "AWS::SageMaker::StudioLifecycleConfig": ("StudioLifecycleConfigContent",),
    "AWS::WorkspacesInstances::WorkspaceInstance": ("ManagedInstance.UserData",),
}

#: Program texts and JSON: a name without quotes is a variable, only what stands in quotes is a literal.
_PROGRAMS: Final[dict[str, tuple[str, ...]]] = {
    "AWS::AppSync::FunctionConfiguration": ("Code", "RequestMappingTemplate", "ResponseMappingTemplate"),
    "AWS::AppSync::Resolver": ("Code", "RequestMappingTemplate", "ResponseMappingTemplate"),
    "AWS::CloudFront::Function": ("FunctionCode",),
    "AWS::CodePipeline::Pipeline": (
        "Stages.*.Actions.*.Configuration.EnvironmentVariables",
        "Stages.*.Actions.*.Configuration.UserParameters",
    ),
    "AWS::Events::Rule": ("Targets.*.Input", "Targets.*.InputTransformer.InputTemplate"),
    "AWS::Lambda::Function": ("Code.ZipFile",),
    "AWS::Scheduler::Schedule": ("Target.Input",),
    "AWS::SecretsManager::Secret": ("GenerateSecretString.SecretStringTemplate",),
    "AWS::Serverless::Function": ("InlineCode",),
    "AWS::StepFunctions::StateMachine": ("DefinitionString",),
    "AWS::Synthetics::Canary": ("Code.Script",),
}


def _read(table: dict[str, tuple[str, ...]]) -> Mapping[str, frozenset[tuple[str, ...]]]:
    return MappingProxyType(
        {kind: frozenset(tuple(path.split(".")) for path in paths) for kind, paths in table.items()}
    )


#: The properties that hold a secret, by resource type.
SECRET_PROPERTIES: Final = _read(_SECRETS)

#: The properties that hold shell text, by resource type; a list of words counts as one command.
SCRIPTS: Final = _read(_SCRIPTS)

#: The properties that hold program text, by resource type.
PROGRAMS: Final = _read(_PROGRAMS)
