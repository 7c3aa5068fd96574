package io.offtake.platform.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/// Remembers the text of every statement that the suite runs on a test database, for the statement rules of SCALE.
public final class Recording {
    private static final Set<String> STATEMENTS = ConcurrentHashMap.newKeySet();

    private Recording() {}

    /// All statements seen so far in this JVM.
    public static Set<String> statements() {
        return Set.copyOf(STATEMENTS);
    }

    public static DataSource of(DataSource source) {
        return (DataSource) Proxy.newProxyInstance(Recording.class.getClassLoader(), new Class<?>[] {DataSource.class}, (_, method, arguments) -> {
            var result = call(source, method, arguments);
            return result instanceof Connection connection ? connection(connection) : result;
        });
    }

    private static Connection connection(Connection connection) {
        return (Connection) Proxy.newProxyInstance(Recording.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
            if (method.getName().startsWith("prepare") && arguments != null && arguments[0] instanceof String sql) STATEMENTS.add(sql);
            var result = call(connection, method, arguments);
            return result instanceof Statement statement && !(result instanceof PreparedStatement) ? statement(statement) : result;
        });
    }

    private static Statement statement(Statement statement) {
        return (Statement) Proxy.newProxyInstance(Recording.class.getClassLoader(), new Class<?>[] {Statement.class}, (_, method, arguments) -> {
            if (method.getName().startsWith("execute") && arguments != null && arguments[0] instanceof String sql) STATEMENTS.add(sql);
            return call(statement, method, arguments);
        });
    }

    private static Object call(Object target, java.lang.reflect.Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException failure) {
            throw failure.getCause();
        }
    }
}
