"""`python -m issue_publisher`."""

from issue_publisher.cli import main

if __name__ == "__main__":
    main()
