package io.offtake.governance.store;

import io.offtake.governance.AuditChain;
import io.offtake.governance.AuditTrail;
import io.offtake.platform.TenantTransaction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.stereotype.Component;

@Component
class StoredAuditChain implements AuditChain {
    private final TenantTransaction transactions;

    StoredAuditChain(TenantTransaction transactions) {
        this.transactions = transactions;
    }

    @Override
    public void append(long distributorId, List<AuditTrail.Entry> entries) {
        if (entries.isEmpty()) return;
        transactions.writeOn(distributorId, connection -> {
            write(connection, distributorId, entries);
            return null;
        });
    }

    private static void write(Connection connection, long distributorId, List<AuditTrail.Entry> entries) throws SQLException {
        try (var open = connection.prepareStatement("""
                insert into governance.audit_head (distributor_id, seq, hash) values (?, 0, ''::bytea) on conflict do nothing""")) {
            open.setLong(1, distributorId);
            open.executeUpdate();
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
                       (distributor_id, seq, recorded_at, actor, on_behalf_of, action, document_type, document_id, business_date, details, hash)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")) {
            for (var entry : entries) {
                seq++;
                head = hash(head, AuditTrail.hashed(seq, entry));
                insert.setLong(1, distributorId);
                insert.setLong(2, seq);
                insert.setObject(3, entry.at().atOffset(ZoneOffset.UTC));
                insert.setString(4, entry.actor());
                insert.setString(5, entry.onBehalfOf());
                insert.setString(6, entry.action());
                insert.setString(7, entry.documentType());
                insert.setObject(8, entry.documentId());
                insert.setObject(9, entry.businessDate());
                insert.setString(10, entry.details());
                insert.setBytes(11, head);
                insert.addBatch();
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

    private static byte[] hash(byte[] previous, String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(previous);
            return digest.digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
