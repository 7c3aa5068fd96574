package io.offtake.launch;

/// A command cannot go on; the message is one sentence for whoever typed it.
final class Refusal extends RuntimeException {
    Refusal(String message) {
        super(message);
    }
}
