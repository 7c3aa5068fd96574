package io.offtake.platform.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/// Looks at the text of every statement that a test sends through the pools, and refuses those that break [StatementRules].
final class Recording {
    private static final Set<String> GOOD = ConcurrentHashMap.newKeySet();

    private Recording() {}

    /// @param wholeNetwork whether the pool is that of the role which reads every distributor
    static DataSource of(DataSource source, boolean wholeNetwork) {
        return (DataSource) Proxy.newProxyInstance(Recording.class.getClassLoader(), new Class<?>[] {DataSource.class, AutoCloseable.class}, (_, method, arguments) -> {
            var result = call(source, method, arguments);
            return result instanceof Connection connection ? connection(connection, wholeNetwork) : result;
        });
    }

    private static Connection connection(Connection connection, boolean wholeNetwork) {
        return (Connection) Proxy.newProxyInstance(Recording.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
            if (method.getName().startsWith("prepare") && arguments != null && arguments[0] instanceof String sql) look(sql, wholeNetwork);
            var result = call(connection, method, arguments);
            return result instanceof Statement statement && !(result instanceof PreparedStatement) ? statement(statement, wholeNetwork) : result;
        });
    }

    private static Statement statement(Statement statement, boolean wholeNetwork) {
        return (Statement) Proxy.newProxyInstance(Recording.class.getClassLoader(), new Class<?>[] {Statement.class}, (_, method, arguments) -> {
            if (method.getName().startsWith("execute") && arguments != null && arguments[0] instanceof String sql) look(sql, wholeNetwork);
            return call(statement, method, arguments);
        });
    }

    private static void look(String sql, boolean wholeNetwork) throws SQLException {
        if (GOOD.contains(sql)) return;
        var broken = StatementRules.broken(sql, wholeNetwork);
        if (!broken.isEmpty()) throw new SQLException(String.join("\n", broken), "OFFTK");
        if (!wholeNetwork) GOOD.add(sql);
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException failure) {
            throw failure.getCause();
        }
    }
}
