package io.offtake.rules.oracle;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/// An engine behind its three JSON texts, in a class loader of its choice: the one on the class path, or a copy with a planted bug.
final class Contender {
    private final MethodHandle readBook, engineOf, readCommand, engineBook, decide, write;
    private String lastBook;
    private Object lastEngine;

    Contender(ClassLoader loader) {
        try {
            readBook = handle(loader, "RuleBookJson", "read", "java.lang.String");
            engineOf = handle(loader, "Engine", "of", "io.offtake.rules.RuleBook");
            engineBook = handle(loader, "Engine", "book");
            readCommand = handle(loader, "CommandJson", "read", "java.lang.String", "io.offtake.rules.RuleBook");
            decide = handle(loader, "Engine", "decide", "io.offtake.rules.DecideCommand");
            write = handle(loader, "DecisionJson", "write", "io.offtake.rules.Decision");
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException("the engine's doors are not where the JSON contract says", changed);
        }
    }

    static Contender onClassPath() {
        return new Contender(Contender.class.getClassLoader());
    }

    private static MethodHandle handle(ClassLoader loader, String type, String method, String... parameters) throws ReflectiveOperationException {
        var types = new Class<?>[parameters.length];
        for (int at = 0; at < parameters.length; at++) types[at] = loader.loadClass(parameters[at]);
        return MethodHandles.publicLookup().unreflect(loader.loadClass("io.offtake.rules." + type).getMethod(method, types));
    }

    /// The answer's text. What the engine throws is thrown on.
    String decide(Case one) {
        return decide(one.bookText(), one.commandText());
    }

    String decide(String book, String command) {
        try {
            if (!book.equals(lastBook)) {
                lastEngine = engineOf.invoke(readBook.invoke(book));
                lastBook = book;
            }
            return (String) write.invoke(decide.invoke(lastEngine, readCommand.invoke(command, engineBook.invoke(lastEngine))));
        } catch (RuntimeException | Error broken) {
            throw broken;
        } catch (Throwable broken) {
            throw new IllegalStateException(broken);
        }
    }
}
