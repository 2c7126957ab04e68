"""One module per subcommand of `nexis`: SUMMARY, add_arguments(parser) and run(arguments)."""
