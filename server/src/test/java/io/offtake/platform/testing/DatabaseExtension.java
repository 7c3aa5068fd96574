package io.offtake.platform.testing;

import io.offtake.platform.Partitions;
import io.offtake.platform.TenantTransaction;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Makes the database of a [DatabaseTest] at its first use and drops it after the class.
final class DatabaseExtension implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(DatabaseExtension.class);
    private static final Set<Class<?>> TYPES = Set.of(TestDatabase.class, TenantTransaction.class, Partitions.class, DataSource.class, JdbcClient.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return TYPES.contains(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        var database = database(context);
        boolean network = parameter.findAnnotation(Qualifier.class).map(qualifier -> "network".equals(qualifier.value())).orElse(false);
        var type = parameter.getParameter().getType();
        if (type == TestDatabase.class) return database;
        if (type == TenantTransaction.class) return database.transactions();
        if (type == Partitions.class) return database.partitions();
        if (type == DataSource.class) return network ? database.network() : database.app();
        return network ? database.networkClient() : database.appClient();
    }

    private static TestDatabase database(ExtensionContext context) {
        var owner = context;
        while (owner.getParent().isPresent() && owner.getParent().get().getTestClass().isPresent()) owner = owner.getParent().get();
        var name = owner.getRequiredTestClass().getSimpleName();
        return owner.getStore(NAMESPACE).computeIfAbsent("database", _ -> TestCluster.get().create(name), TestDatabase.class);
    }
}
