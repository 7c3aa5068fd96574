package io.offtake.rules.oracle;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/// An engine behind its three JSON texts, in a class loader of its choice: the one on the class path, or a copy with a planted bug.
final class Contender {
    private final MethodHandle readBook, engineOf, readCommand, engineBook, decide, write, door, writeCommand;
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
            door = handle(loader, "Doors", "answer", "io.offtake.rules.Engine", "java.lang.String", "java.lang.String");
            writeCommand = handle(loader, "CommandJson", "write", "io.offtake.rules.DecideCommand");
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
        return calling(() -> (String) write.invoke(decide.invoke(engine(book), readCommand.invoke(command, engineBook.invoke(engine(book))))));
    }

    /// One of the engine's other questions, about the case's book.
    String door(String name, Case one, String request) {
        return calling(() -> (String) door.invoke(engine(one.bookText()), name, request));
    }

    /// The command as the engine writes it.
    String canonicalCommand(Case one) {
        return calling(() -> (String) writeCommand.invoke(readCommand.invoke(one.commandText(), engineBook.invoke(engine(one.bookText())))));
    }

    private Object engine(String book) throws Throwable {
        if (!book.equals(lastBook)) {
            lastEngine = engineOf.invoke(readBook.invoke(book));
            lastBook = book;
        }
        return lastEngine;
    }

    private interface Call {
        String answer() throws Throwable;
    }

    private static String calling(Call call) {
        try {
            return call.answer();
        } catch (RuntimeException | Error broken) {
            throw broken;
        } catch (Throwable broken) {
            throw new IllegalStateException(broken);
        }
    }
}
