package io.offtake.network.store;

import io.offtake.network.Sellers;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.rules.RuleBook;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class StoredSellers implements Sellers {

    @Override
    public Seller seller(JdbcClient db, long distributorId) {
        return db.sql("""
                        select id, code, state_code, registration, price_zone, currency, tax_regime, time_zone
                          from network.distributor where id = :id""")
                .param("id", distributorId)
                .query((row, _) -> new Seller(row.getLong("id"), row.getString("code"), row.getString("state_code"),
                        RuleBook.Registration.valueOf(row.getString("registration")), row.getString("price_zone"), row.getString("currency"),
                        row.getString("tax_regime"), row.getString("time_zone")))
                .optional()
                .orElseThrow(() -> Problem.of(ProblemCode.NOT_FOUND, "There is no distributor " + distributorId + ".").exception());
    }

    @Override
    public Optional<String> taxId(JdbcClient db, long distributorId) {
        return db.sql("select gstin from network.distributor where id = ? and gstin is not null").param(distributorId).query(String.class).optional();
    }

    @Override
    public List<RuleBook.Principal> principals(JdbcClient db, long distributorId) {
        return db.sql("""
                        select p.id, p.code, p.state_code
                          from network.distributor_principal l
                          join network.principal p on p.id = l.principal_id
                         where l.distributor_id = :distributor
                         order by p.id""")
                .param("distributor", distributorId)
                .query((row, _) -> new RuleBook.Principal(Long.toString(row.getLong("id")), row.getString("code"), row.getString("state_code"),
                        RuleBook.Registration.REGULAR))
                .list();
    }

    @Override
    public Optional<Long> sellerOf(JdbcClient db, long principalId) {
        return db.sql("select min(distributor_id) from network.distributor_principal where principal_id = :principal having min(distributor_id) is not null").param("principal", principalId).query(Long.class).optional();
    }
}
