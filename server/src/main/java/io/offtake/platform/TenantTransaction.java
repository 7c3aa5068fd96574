package io.offtake.platform;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The one door to the database: every use opens a transaction and tells row-level security whose rows it may touch.
///
/// A call inside another call joins it if it needs no more rows than the outer one, and is refused otherwise: two scopes
/// in one transaction would add up. The `…On` forms give the raw connection, for pipelined requests; the caller
/// neither commits nor closes it.
public interface TenantTransaction {

    /// Work on the raw connection of the transaction.
    @FunctionalInterface
    interface ConnectionWork<T> {
        T on(Connection connection) throws SQLException;
    }

    /// Reads and writes rows of one distributor, and reference and local tables.
    <T> T write(long distributorId, Function<JdbcClient, T> work);

    /// As [#write], on the raw connection.
    <T> T writeOn(long distributorId, ConnectionWork<T> work);

    /// Reads what the scope allows, in a read-only transaction.
    <T> T read(RowScope scope, Function<JdbcClient, T> work);

    /// As [#read], on the raw connection.
    <T> T readOn(RowScope scope, ConnectionWork<T> work);

    /// Reads and writes reference and local tables only; tenant tables show no rows.
    <T> T shared(Function<JdbcClient, T> work);

    /// Reads every distributor with the network role, and writes the few tables the manifest opens to it.
    <T> T network(Function<JdbcClient, T> work);

    /// As [#network], on the raw connection.
    <T> T networkOn(ConnectionWork<T> work);

    /// The same door, but deadlocks, serialisation failures (40001, 40P01) and lost connections (08xxx) run the work
    /// again. Only for work that may safely run twice: a lost connection at commit leaves the outcome unknown.
    TenantTransaction idempotent();
}
