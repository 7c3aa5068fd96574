package io.offtake.platform.database;

/// The database cannot be used as it is. The message is one sentence for the operator: what is wrong and what to do.
public class DatabaseRefusal extends RuntimeException {
    public DatabaseRefusal(String message) {
        super(message);
    }

    public DatabaseRefusal(String message, Throwable cause) {
        super(message, cause);
    }
}
