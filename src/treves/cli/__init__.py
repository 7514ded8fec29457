"""One command per public function, same name."""
