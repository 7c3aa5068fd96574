package io.offtake.governance.store;

import io.offtake.governance.AuditChain;
import io.offtake.governance.AuditTrail;
import io.offtake.platform.BulkPost;
import io.offtake.platform.TenantTransaction;
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
            AuditTrail.open(connection, distributorId);
            var post = new BulkPost(AuditTrail.OWNER);
            AuditTrail.append(post, AuditTrail.lock(connection, distributorId), entries, List.of(), List.of());
            post.run(connection);
            return null;
        });
    }
}
