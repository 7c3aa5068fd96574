package io.offtake.pricing.app;

import io.offtake.governance.ChangeChecks;
import io.offtake.governance.Draft;
import io.offtake.governance.Finding;
import io.offtake.schemes.SchemePeriod;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// A scheme whose period crosses a price revision gives another benefit after it than before (domain/04 section 4.4).
@Component
class SchemePriceChecks implements ChangeChecks {
    @Override
    public String kind() {
        return "schemes";
    }

    @Override
    public List<Finding> findings(JdbcClient db, long distributorId, Draft<?> draft) {
        if (!(draft.form() instanceof SchemePeriod scheme) || scheme.validFrom() == null || scheme.validTo() == null || !(draft.found("principalId") instanceof Long principal)) return List.of();
        record Revision(String code, int versionNo, LocalDate validFrom) {}
        var found = new ArrayList<Finding>();
        db.sql("""
                        select code, version_no, valid_from from pricing.price_list
                         where principal_id = :principal and status = 'PUBLISHED' and valid_from > :from and valid_from <= :to order by valid_from, code limit 5""")
                .param("principal", principal).param("from", scheme.validFrom()).param("to", scheme.validTo()).query(Revision.class).list()
                .forEach(list -> found.add(Finding.warning("PERIOD_CROSSES_PRICE_REVISION", "domain/04 4.4", "validTo",
                        "prices change on " + list.validFrom() + " (" + list.code() + " version " + list.versionNo() + "), inside its period", "End it on " + list.validFrom().minusDays(1) + ", and start a new version with the new prices")));
        return found;
    }
}
