"""An AWS on this machine: MiniStack, mended where it forgets, refuses or permits what AWS does not."""
