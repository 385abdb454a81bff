"""What more than one service stands on: the language, the market's rules, contracts and mechanics."""
