"""A made-up line of work; kernel tests must not lean on a real one."""
