package io.offtake.rules.web;

import org.teavm.jso.JSExport;

/// The part of the module that a counter needs to bill: opening a book, deciding, reading quantities. It is a module of its
/// own because everything a till loads at first counts (spec/README.md, Doors, are in [Main] alone).
public final class Counter {
    private Counter() {}

    /// The compiler wants a program; a module has none.
    public static void main(String[] arguments) {}

    /// @see Main#open
    @JSExport
    public static int open(String snapshot) {
        return Books.open(snapshot);
    }

    /// @see Main#release
    @JSExport
    public static void release(int handle) {
        Books.release(handle);
    }

    /// @see Main#decide
    @JSExport
    public static String decide(int handle, String command) {
        return Books.decide(handle, command);
    }

    /// @see Main#parseQuantity
    @JSExport
    public static String parseQuantity(int handle, String skuId, String text) {
        return Books.parseQuantity(handle, skuId, text);
    }
}
