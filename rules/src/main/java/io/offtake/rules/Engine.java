package io.offtake.rules;

/// A [RuleBook], indexed for deciding: prices by SKU, schemes by SKU, tax rates by HSN prefix. Immutable and safe to
/// share between threads; build it once per book.
public final class Engine {
    private final RuleBook book;

    private Engine(RuleBook book) {
        this.book = book;
    }

    public static Engine of(RuleBook book) {
        return new Engine(book);
    }

    public RuleBook book() {
        return book;
    }
}
