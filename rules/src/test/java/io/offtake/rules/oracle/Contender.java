package io.offtake.rules.oracle;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.Arrays;

/// An engine behind its three JSON texts, in a class loader of its choice: the one on the class path, or a copy with a planted bug.
final class Contender {
    private final MethodHandle readBook, engineOf, readCommand, engineBook, decide, write;
    private String lastBook;
    private Object lastEngine;

    Contender(ClassLoader loader) {
        try {
            readBook = handle(loader, "RuleBookJson", "read", 1);
            engineOf = handle(loader, "Engine", "of", 1);
            engineBook = handle(loader, "Engine", "book", 0);
            readCommand = handle(loader, "CommandJson", "read", 2);
            decide = handle(loader, "Engine", "decide", 1);
            write = handle(loader, "DecisionJson", "write", 1);
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException("the engine's doors are not where the JSON contract says", changed);
        }
    }

    static Contender onClassPath() {
        return new Contender(Contender.class.getClassLoader());
    }

    private static MethodHandle handle(ClassLoader loader, String type, String method, int parameters) throws ReflectiveOperationException {
        Method found = Arrays.stream(loader.loadClass("io.offtake.rules." + type).getMethods()).filter(one -> one.getName().equals(method) && one.getParameterCount() == parameters)
                .findFirst().orElseThrow(() -> new NoSuchMethodException(type + "." + method));
        return MethodHandles.publicLookup().unreflect(found);
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
