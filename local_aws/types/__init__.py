"""CloudFormation types that MiniStack refuses or forgets, one service per file."""
