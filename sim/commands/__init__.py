"""What each command says on the terminal."""
