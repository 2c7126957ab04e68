"""Templates as the rules see them: loading, intrinsic functions, resources and the links between them."""
