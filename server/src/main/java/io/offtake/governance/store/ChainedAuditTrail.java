package io.offtake.governance.store;

import io.offtake.governance.AuditTrail;
import io.offtake.platform.TenantTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.stereotype.Component;

@Component
class ChainedAuditTrail implements AuditTrail {
    private final TenantTransaction transactions;
    private final Clock clock;

    ChainedAuditTrail(TenantTransaction transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public void append(long distributorId, String actor, List<Entry> entries) {
        if (entries.isEmpty()) return;
        transactions.writeOn(distributorId, connection -> {
            write(connection, distributorId, actor, entries);
            return null;
        });
    }

    private void write(Connection connection, long distributorId, String actor, List<Entry> entries) throws SQLException {
        var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        try (var make = connection.prepareStatement("""
                insert into governance.audit_head (distributor_id, seq, hash) values (?, 0, ?) on conflict (distributor_id) do nothing""")) {
            make.setLong(1, distributorId);
            make.setBytes(2, new byte[32]);
            make.executeUpdate();
        }
        long seq;
        byte[] head;
        try (var lock = connection.prepareStatement("select seq, hash from governance.audit_head where distributor_id = ? for no key update")) {
            lock.setLong(1, distributorId);
            try (var row = lock.executeQuery()) {
                if (!row.next()) throw new SQLException("no audit head for distributor " + distributorId);
                seq = row.getLong(1);
                head = row.getBytes(2);
            }
        }
        try (var insert = connection.prepareStatement("""
                insert into governance.audit_entry
                       (distributor_id, seq, recorded_at, actor, action, document_type, document_id, business_date, details, previous_hash, hash)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")) {
            for (var entry : entries) {
                seq++;
                var hash = AuditTrail.hash(head, seq, at, actor, entry);
                insert.setLong(1, distributorId);
                insert.setLong(2, seq);
                insert.setObject(3, at.atOffset(ZoneOffset.UTC));
                insert.setString(4, actor);
                insert.setString(5, entry.action());
                insert.setString(6, entry.documentType());
                insert.setObject(7, entry.documentId());
                insert.setObject(8, entry.businessDate());
                insert.setString(9, entry.details());
                insert.setBytes(10, head);
                insert.setBytes(11, hash);
                insert.addBatch();
                head = hash;
            }
            insert.executeBatch();
        }
        try (var move = connection.prepareStatement("update governance.audit_head set seq = ?, hash = ? where distributor_id = ?")) {
            move.setLong(1, seq);
            move.setBytes(2, head);
            move.setLong(3, distributorId);
            move.executeUpdate();
        }
    }
}
