package io.offtake.platform.database;

import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// [TenantTransaction] on two pools. The scope of the running transaction travels with the thread, so that an inner call
/// can be joined to it or refused.
public final class ScopedTransactions implements TenantTransaction {
    private static final ScopedValue<Scope> CURRENT = ScopedValue.newInstance();
    private static final int ATTEMPTS = 6;

    private final DataSource app;
    private final DataSource network;
    private final JdbcClient appClient;
    private final JdbcClient networkClient;
    private final TransactionTemplate appWrites;
    private final TransactionTemplate appReads;
    private final TransactionTemplate networkWrites;
    private final int attempts;

    public ScopedTransactions(DataSource app, DataSource network) {
        this.app = app;
        this.network = network;
        this.appClient = JdbcClient.create(app);
        this.networkClient = JdbcClient.create(network);
        this.appWrites = new TransactionTemplate(new JdbcTransactionManager(app));
        this.appReads = new TransactionTemplate(new JdbcTransactionManager(app));
        this.appReads.setReadOnly(true);
        this.networkWrites = new TransactionTemplate(new JdbcTransactionManager(network));
        this.attempts = 1;
    }

    private ScopedTransactions(ScopedTransactions other, int attempts) {
        this.app = other.app;
        this.network = other.network;
        this.appClient = other.appClient;
        this.networkClient = other.networkClient;
        this.appWrites = other.appWrites;
        this.appReads = other.appReads;
        this.networkWrites = other.networkWrites;
        this.attempts = attempts;
    }

    private sealed interface Scope {
        record Writes(long distributorId) implements Scope {}
        record Reads(RowScope rows) implements Scope {}
        record Shared() implements Scope {}
        record Network() implements Scope {}

        /// Whether a call that asks for `inner` may run inside this transaction: it sees no row too many or too few.
        default boolean covers(Scope inner) {
            if (equals(inner)) return true;
            return switch (this) {
                case Writes(var distributor) -> inner instanceof Shared || inner.equals(new Reads(RowScope.of(distributor)));
                case Reads _ -> inner instanceof Shared;
                case Shared _, Network _ -> false;
            };
        }
    }

    @Override
    public <T> T write(long distributorId, Function<JdbcClient, T> work) {
        return run(new Scope.Writes(distributorId), _ -> work.apply(appClient));
    }

    @Override
    public <T> T writeOn(long distributorId, ConnectionWork<T> work) {
        return run(new Scope.Writes(distributorId), work);
    }

    @Override
    public <T> T read(RowScope scope, Function<JdbcClient, T> work) {
        return run(new Scope.Reads(scope), _ -> work.apply(appClient));
    }

    @Override
    public <T> T readOn(RowScope scope, ConnectionWork<T> work) {
        return run(new Scope.Reads(scope), work);
    }

    @Override
    public <T> T shared(Function<JdbcClient, T> work) {
        return run(new Scope.Shared(), _ -> work.apply(appClient));
    }

    @Override
    public <T> T network(Function<JdbcClient, T> work) {
        return run(new Scope.Network(), _ -> work.apply(networkClient));
    }

    @Override
    public <T> T networkOn(ConnectionWork<T> work) {
        return run(new Scope.Network(), work);
    }

    @Override
    public TenantTransaction idempotent() {
        return attempts > 1 ? this : new ScopedTransactions(this, ATTEMPTS);
    }

    private <T> T run(Scope scope, ConnectionWork<T> work) {
        if (CURRENT.isBound()) {
            if (!CURRENT.get().covers(scope)) {
                throw new IllegalStateException("A transaction for " + CURRENT.get() + " is open; " + scope + " needs one of its own, before or after it.");
            }
            return inTransaction(scope, work);
        }
        for (int attempt = 1; ; attempt++) {
            try {
                return ScopedValue.where(CURRENT, scope).call(() -> open(scope, work));
            } catch (RuntimeException failure) {
                if (attempt >= attempts || !passes(failure)) throw failure;
                pause(attempt);
            }
        }
    }

    private <T> T open(Scope scope, ConnectionWork<T> work) {
        var template = switch (scope) {
            case Scope.Writes _, Scope.Shared _ -> appWrites;
            case Scope.Reads _ -> appReads;
            case Scope.Network _ -> networkWrites;
        };
        @SuppressWarnings("NullAway") // work decides whether its answer may be null
        T answer = template.execute(_ -> {
            announce(scope);
            return inTransaction(scope, work);
        });
        return answer;
    }

    /// BEGIN travels with this statement: the driver sends both in one round trip.
    private void announce(Scope scope) {
        var text = switch (scope) {
            case Scope.Writes(var distributor) -> "SET LOCAL offtake.distributor_id = '" + distributor + "'";
            case Scope.Reads(var rows) when rows.principals() == null -> "SET LOCAL offtake.distributor_ids = '" + rows.distributorList() + "'";
            case Scope.Reads(var rows) -> "SET LOCAL offtake.distributor_ids = '" + rows.distributorList() + "'; SET LOCAL offtake.principal_ids = '" + rows.principalList() + "'";
            case Scope.Shared _, Scope.Network _ -> "";
        };
        if (text.isEmpty()) return;
        inTransaction(scope, connection -> {
            try (var statement = connection.createStatement()) {
                return statement.execute(text);
            }
        });
    }

    private <T> T inTransaction(Scope scope, ConnectionWork<T> work) {
        var source = scope instanceof Scope.Network ? network : app;
        var connection = DataSourceUtils.getConnection(source);
        try {
            return work.on(connection);
        } catch (SQLException failure) {
            throw translate(scope, failure);
        } finally {
            DataSourceUtils.releaseConnection(connection, source);
        }
    }

    private RuntimeException translate(Scope scope, SQLException failure) {
        var template = scope instanceof Scope.Network ? networkWrites : appWrites;
        var manager = (JdbcTransactionManager) template.getTransactionManager();
        var translated = manager == null ? null : manager.getExceptionTranslator().translate("transaction", null, failure);
        return translated != null ? translated : new org.springframework.jdbc.UncategorizedSQLException("transaction", null, failure);
    }

    private static final Set<String> RETRIED = Set.of("40001", "40P01");

    private static boolean passes(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return RETRIED.contains(sql.getSQLState()) || sql.getSQLState().startsWith("08") || sql.getSQLState().startsWith("57P0");
            }
        }
        return false;
    }

    private static void pause(int attempt) {
        try {
            Thread.sleep((1L << attempt) * 5 + ThreadLocalRandom.current().nextLong(20));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
