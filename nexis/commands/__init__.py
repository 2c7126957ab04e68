"""One module per subcommand of `nexis`: add_arguments(parser) and run(arguments)."""
