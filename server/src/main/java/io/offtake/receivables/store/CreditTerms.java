package io.offtake.receivables.store;

import static io.offtake.platform.ListSql.Type.DECIMAL;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;
import static io.offtake.platform.ListSql.Type.UUID;

import io.offtake.access.Permission;
import io.offtake.governance.Cells;
import io.offtake.governance.Column;
import io.offtake.governance.Draft;
import io.offtake.governance.Draft.Current;
import io.offtake.governance.Duty;
import io.offtake.governance.Governed;
import io.offtake.governance.Master;
import io.offtake.governance.OfDistributor;
import io.offtake.governance.Texts;
import io.offtake.network.NetworkRelations;
import io.offtake.platform.ListSql;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Credit limit and days of an outlet with a principal's goods (LOC-03): the terms on the account that postings charge.
@Component
public class CreditTerms extends Master<CreditTerms.CreditTermsForm> implements Governed<CreditTerms.CreditTermsForm> {
    private static final BigDecimal MAX = new BigDecimal("9999999999999");

    /// @param outlet    code
    /// @param principal code
    public record CreditTermsForm(java.util.@Nullable UUID id, @Nullable Long distributorId, String outlet, String principal, @Nullable BigDecimal creditLimit, @Nullable Integer creditDays) implements OfDistributor {
        public CreditTermsForm {
            outlet = Texts.of(outlet);
            principal = Texts.of(principal);
            creditDays = creditDays == null ? 0 : creditDays;
        }
    }

    private static final String SELECT = """
            select a.id, a.version, a.distributor_id, a.outlet_id, o.code as outlet, o.name as outlet_name, a.principal_id, p.code as principal, a.credit_limit, a.credit_days, a.balance
              from receivables.outlet_account a
              join\s""" + NetworkRelations.OUTLETS + """
               o on o.distributor_id = a.distributor_id and o.id = a.outlet_id
              join\s""" + NetworkRelations.PRINCIPALS + """
               p on p.id = a.principal_id
             where a.distributor_id = any (:distributors::bigint[]) and (:principals::bigint[] is null or a.principal_id = any (:principals::bigint[]))""";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", UUID).sortable("outlet", TEXT).sortable("outletName", TEXT).sortable("principal", TEXT).sortable("creditLimit", DECIMAL).sortable("balance", DECIMAL)
            .equal("distributorId", LONG).equal("outletId", UUID).equal("outlet", TEXT).equal("principal", TEXT).equal("principalId", LONG).from("balanceFrom", "balance", DECIMAL)
            .search("outlet", "outlet_name").order("outlet", "principal");
    private static final List<Column<CreditTermsForm>> COLUMNS = List.of(
            Column.required("outlet", "Outlet", CreditTermsForm::outlet, "Outlet code", "Outlet code", "Customer code"),
            Column.required("principal", "Principal", CreditTermsForm::principal, "Principal code", "Principal code"),
            Column.required("creditLimit", "Credit limit", CreditTermsForm::creditLimit, "Amount; 0 for no credit", "Limit"),
            Column.optional("creditDays", "Credit days", CreditTermsForm::creditDays, "Days; 0 for none", "Days", "Terms"));
    private static final String INSERT = """
            insert into receivables.outlet_account (distributor_id, id, principal_id, outlet_id, credit_limit, credit_days, version)
            values (:distributorId, :id, :principalId, :outletId, :creditLimit, :creditDays, :version)""";
    private static final String UPDATE = """
            update receivables.outlet_account set credit_limit = :creditLimit, credit_days = :creditDays, version = :version
             where distributor_id = :distributorId and id = :id and version = :version - 1""";

    CreditTerms() {
        super(new Spec<>("credit-terms", Owner.DISTRIBUTOR, "receivables.outlet_account", CreditTermsForm.class, Permission.CREDIT_TERMS_READ, Permission.CREDIT_TERMS_WRITE, COLUMNS, SELECT, LIST, INSERT, UPDATE));
    }

    @Override
    public String key(CreditTermsForm form) {
        return form.outlet() + " " + form.principal();
    }

    @Override
    protected List<Current<CreditTermsForm>> find(Finder<CreditTermsForm> finder, List<CreditTermsForm> forms) {
        return finder.where("t.outlet = any (:keys)", "keys", forms.stream().map(CreditTermsForm::outlet).distinct().toArray(String[]::new));
    }

    @Override
    public CreditTermsForm read(Cells cells) {
        return new CreditTermsForm(null, null, cells.text("outlet"), cells.text("principal"), cells.decimal("creditLimit"), cells.integer("creditDays", 0));
    }

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<CreditTermsForm>> drafts) {
        var principals = new HashMap<String, Long>();
        db.sql("select code, id from " + NetworkRelations.PRINCIPALS + " p").query(row -> {
            principals.put(row.getString(1), row.getLong(2));
        });
        var outlets = new HashMap<String, java.util.UUID>();
        db.sql("select code, id from " + NetworkRelations.OUTLETS + " o where distributor_id = :distributor and code = any (:codes)")
                .param("distributor", distributorId).param("codes", drafts.stream().map(draft -> draft.form().outlet()).distinct().toArray(String[]::new))
                .query(row -> {
                    outlets.put(row.getString(1), row.getObject(2, java.util.UUID.class));
                });
        for (var draft : drafts) {
            var form = draft.form();
            var outlet = outlets.get(form.outlet());
            if (outlet == null) draft.fault("outlet", form.outlet().isEmpty() ? "is missing" : "there is no outlet " + form.outlet(), "Create it first, or correct the code");
            draft.found("outletId", outlet);
            var principal = principals.get(form.principal());
            if (principal == null) draft.fault("principal", form.principal().isEmpty() ? "is missing" : "there is no principal " + form.principal(), "Correct the code");
            draft.found("principalId", principal);
            draft.decimal("creditLimit", form.creditLimit(), BigDecimal.ZERO, MAX, 2, true);
            if (form.creditDays() < 0 || form.creditDays() > 365) draft.fault("creditDays", form.creditDays() + " is out of range", "0 to 365");
            if (draft.current() != null && !key(draft.current().form()).equals(key(form))) draft.fault("outlet", "terms stay with their outlet and principal", "Set the terms of the other outlet");
        }
    }

    // ---- governed

    @Override
    public Duty duty() {
        return Duty.CREDIT;
    }
}
