"""`python -m slantwise` is the command line."""

from slantwise.cli import main

if __name__ == "__main__":
    main()
