# The commands of this project. `make` alone lists them.
#
#   ENV     the environment: a file of config/ without its ending (dev)
#   TARGET  where to deploy: local (an AWS on this machine) or aws (the account of your credentials)

ENV ?= dev
TARGET ?= local
LOCAL_AWS_PORT ?= 4566
PYTHON ?= python3
YES ?=

VENV := .venv/bin
NEXIS := $(VENV)/nexis
LOCAL_AWS := $(VENV)/python -m local_aws
# The account and region of the configuration, as $1 and $2 of the shell.
READ_CONFIGURATION = values=$$($(NEXIS) config --environment $(ENV) account region) || exit $$?; set -- $$values
# Credentials and settings of a real account never reach the local AWS, nor the other way round.
LOCAL_ENVIRONMENT = env -u AWS_PROFILE -u AWS_DEFAULT_PROFILE -u AWS_SESSION_TOKEN \
	AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null NO_PROXY=127.0.0.1 no_proxy=127.0.0.1 \
	AWS_ENDPOINT_URL=http://127.0.0.1:$(LOCAL_AWS_PORT) AWS_ACCESS_KEY_ID=$$1 AWS_SECRET_ACCESS_KEY=local \
	AWS_REGION=$$2 AWS_DEFAULT_REGION=$$2 AWS_EC2_METADATA_DISABLED=true

ifeq ($(filter $(TARGET),local aws),)
$(error TARGET is '$(TARGET)', expected local or aws)
endif

export LOCAL_AWS_PORT
unexport PYTHONDONTWRITEBYTECODE  # what was compiled once is kept: it is a third of the time of the fast tests

.DEFAULT_GOAL := help
.PHONY: bootstrap bootstrap-template help deploy destroy audit synth check cost docs test test-fast bench lint format setup-aws setup-local setup-dev

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  ENV=$(ENV) (a file of config/), TARGET=$(TARGET) (local or aws), LOCAL_AWS_PORT=$(LOCAL_AWS_PORT)"

setup-aws setup-local setup-dev: setup-%:
	@$(PYTHON) scripts/set_up.py $*

bootstrap: setup-$(TARGET)  ## prepare an account: roles of the CDK, permissions boundary (deploy does it if there is none)
ifeq ($(TARGET),local)
	@$(READ_CONFIGURATION); \
	$(LOCAL_AWS) start --port $(LOCAL_AWS_PORT) --region $$2 && \
	$(LOCAL_ENVIRONMENT) $(NEXIS) bootstrap --environment $(ENV)
else
	@$(NEXIS) bootstrap --environment $(ENV)
endif

deploy: setup-$(TARGET)  ## deploy the baseline and read it back (TARGET=aws: to your account)
ifeq ($(TARGET),local)
	@$(READ_CONFIGURATION); \
	$(LOCAL_AWS) start --port $(LOCAL_AWS_PORT) --region $$2 && \
	$(LOCAL_ENVIRONMENT) $(NEXIS) deploy --environment $(ENV) --yes
else
	@$(NEXIS) deploy --environment $(ENV) $(if $(YES),--yes)
endif

destroy: setup-$(TARGET)  ## remove the baseline; locally also stop the local AWS
ifeq ($(TARGET),local)
	@if $(LOCAL_AWS) status --port $(LOCAL_AWS_PORT) >/dev/null; then \
		( $(READ_CONFIGURATION); $(LOCAL_ENVIRONMENT) $(NEXIS) destroy --environment $(ENV) --yes ); code=$$?; \
		echo "The local AWS stops now, and with it everything that is on it."; \
	else code=0; echo "The local AWS is not running, so nothing is deployed on it."; fi; \
	$(LOCAL_AWS) stop --port $(LOCAL_AWS_PORT) && exit $$code
else
	@$(NEXIS) destroy --environment $(ENV)
endif

audit: setup-$(TARGET)  ## read what is deployed and judge it by the same rules
ifeq ($(TARGET),local)
	@$(READ_CONFIGURATION); $(LOCAL_ENVIRONMENT) $(NEXIS) audit --environment $(ENV) --waivers waivers.toml
else
	@$(NEXIS) audit --environment $(ENV) --waivers waivers.toml
endif

synth: setup-aws  ## synthesize the stacks under all policies, into cdk.out
	@$(NEXIS) synth --environment $(ENV)

check: synth  ## judge cdk.out with `nexis check`, as a pull request is
	@$(NEXIS) check cdk.out --strict-parameters --waivers waivers.toml

cost: synth  ## print the fixed monthly items of a configuration
	@$(NEXIS) cost --config config/$(ENV).toml --assembly cdk.out

bootstrap-template: setup-dev  ## write bootstrap/bootstrap-template.yaml from the CDK CLI's own
	@$(VENV)/python scripts/write_bootstrap.py

docs: setup-dev  ## write the pages of docs/ that are made from the code
	@$(VENV)/python scripts/write_docs.py

test: setup-dev  ## every test
	@$(VENV)/pytest -n 2

test-fast: setup-dev  ## unit tests, rules and snapshots, under a minute: generated tests try a quarter of their examples
	@$(VENV)/pytest -n 2 -m "not real and not long" --hypothesis-profile=fast

bench: setup-dev  ## measure `nexis check` beside other checkers, and what our policies cost at synth
	@$(VENV)/python benchmarks/check.py
	@$(VENV)/python benchmarks/synth.py
	@$(VENV)/python benchmarks/hook.py

lint: setup-dev  ## ruff and the strict type checker
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .
	@$(VENV)/mypy

format: setup-dev  ## let ruff format the code
	@$(VENV)/ruff check --fix-only .
	@$(VENV)/ruff format .
