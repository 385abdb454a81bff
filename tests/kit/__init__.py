"""What tests of every kind are made with: waiting, clocks, HTTP, processes, ears on the broker, and crashes."""
