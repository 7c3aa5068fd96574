package io.offtake.network.store;

import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.access.ScopeChanges;
import io.offtake.governance.AuditChain;
import io.offtake.governance.AuditTrail;
import io.offtake.governance.Cells;
import io.offtake.governance.Column;
import io.offtake.governance.ConfigVersions;
import io.offtake.governance.Draft;
import io.offtake.governance.Master;
import io.offtake.governance.Texts;
import io.offtake.platform.ListSql;
import io.offtake.platform.TenantTransaction;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Distributors with the principals they sell for. One distributor serves many principals (LOC-03).
@Component
public class Distributors extends Master<Distributors.DistributorForm> {
    private static final List<String> STATES = List.of("PROPOSED", "LIVE", "ON_HOLD", "EXITING", "EXITED");
    private static final List<String> REGIMES = TaxIdentity.regimes();
    /// From the top of the chain down.
    private static final List<String> TIERS = List.of("SUPER_STOCKIST", "DISTRIBUTOR", "SUB_DISTRIBUTOR");

    /// @param territory  code
    /// @param principals codes of the principals it sells for today
    /// @param tier       SUPER_STOCKIST, DISTRIBUTOR or SUB_DISTRIBUTOR
    /// @param supplier   code of the super-stockist or distributor it buys from; null: from the principal
    public record DistributorForm(String code, String name, String legalName, @Nullable String gstin, String registration, String stateCode,
                                  @Nullable String priceZone, @Nullable String territory, String address, String city, String pin, String phone,
                                  @Nullable String fssai, @Nullable String upiId, @Nullable String bank, String timeZone, String currency, String taxRegime,
                                  String status, List<String> principals, @Nullable String tier, @Nullable String supplier) {
        public DistributorForm {
            code = Texts.of(code);
            name = Texts.of(name);
            legalName = Texts.or(legalName, name);
            gstin = Texts.orNull(gstin);
            registration = Texts.or(registration, gstin == null ? "UNREGISTERED" : "REGULAR");
            stateCode = Texts.of(stateCode);
            priceZone = Texts.orNull(priceZone);
            territory = Texts.orNull(territory);
            address = Texts.of(address);
            city = Texts.of(city);
            pin = Texts.of(pin);
            phone = Texts.of(phone);
            fssai = Texts.orNull(fssai);
            upiId = Texts.orNull(upiId);
            bank = Texts.orNull(bank);
            timeZone = Texts.or(timeZone, "Asia/Kolkata");
            currency = Texts.or(currency, "INR");
            taxRegime = Texts.or(taxRegime, TaxIdentity.INDIA);
            status = Texts.or(status, "LIVE");
            principals = principals == null ? List.of() : principals.stream().map(Texts::of).filter(text -> !text.isEmpty()).distinct().sorted().toList();
            tier = Texts.or(tier, "DISTRIBUTOR");
            supplier = Texts.orNull(supplier);
        }
    }

    private static final String SELECT = """
            select d.id, d.version, d.code, d.name, d.legal_name, d.gstin, d.registration, d.state_code, d.price_zone, t.code as territory,
                   d.territory_id, t.name as territory_name, d.address, d.city, d.pin, d.phone, d.fssai, d.upi_id, d.bank, d.time_zone, d.currency, d.tax_regime, d.status,
                   coalesce((select string_agg(p.code, ',' order by p.code)
                               from network.distributor_principal l join network.principal p on p.id = l.principal_id
                              where l.distributor_id = d.id and l.valid_to is null), '') as principals, d.tier, u.code as supplier
              from network.distributor d left join network.territory t on t.id = d.territory_id left join network.distributor u on u.id = d.supplier_id
             where :distributors::bigint[] is null or d.id = any (:distributors::bigint[])""";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", LONG).sortable("code", TEXT).sortable("name", TEXT).sortable("city", TEXT).sortable("status", TEXT)
            .equal("status", TEXT).equal("stateCode", TEXT).equal("territory", TEXT).equal("priceZone", TEXT).equal("tier", TEXT).equal("supplier", TEXT).search("code", "name", "legal_name", "city", "gstin").order("code");
    private static final List<Column<DistributorForm>> COLUMNS = List.of(
            Column.required("code", "Code", DistributorForm::code, "Unique, such as KT", "Distributor code", "Distributor"),
            Column.required("name", "Name", DistributorForm::name, "Text", "Distributor name"),
            Column.optional("legalName", "Legal name", DistributorForm::legalName, "As registered; the name if empty"),
            Column.optional("gstin", "GSTIN", DistributorForm::gstin, "15 characters", "GST no", "GST number", "Tax number"),
            Column.optional("registration", "Registration", DistributorForm::registration, "REGULAR, COMPOSITION or UNREGISTERED"),
            Column.required("stateCode", "State code", DistributorForm::stateCode, "Two digits, such as 29", "State"),
            Column.optional("priceZone", "Price zone", DistributorForm::priceZone, "Zone of its zone price lists"),
            Column.optional("territory", "Territory", DistributorForm::territory, "Territory code", "Territory code"),
            Column.optional("address", "Address", DistributorForm::address, "One line"),
            Column.optional("city", "City", DistributorForm::city, "Text", "Town"),
            Column.optional("pin", "PIN", DistributorForm::pin, "Six digits", "Pin code", "Postcode"),
            Column.optional("phone", "Phone", DistributorForm::phone, "Digits", "Mobile"),
            Column.optional("fssai", "FSSAI", DistributorForm::fssai, "14 digits", "FSSAI licence"),
            Column.optional("upiId", "UPI id", DistributorForm::upiId, "name@bank", "UPI", "VPA"),
            Column.optional("bank", "Bank", DistributorForm::bank, "As printed on invoices"),
            Column.optional("timeZone", "Time zone", DistributorForm::timeZone, "Such as Asia/Kolkata"),
            Column.optional("currency", "Currency", DistributorForm::currency, "ISO code, such as INR"),
            Column.optional("taxRegime", "Tax regime", DistributorForm::taxRegime, String.join(", ", REGIMES)),
            Column.optional("status", "Status", DistributorForm::status, "PROPOSED, LIVE, ON_HOLD, EXITING or EXITED"),
            Column.optional("principals", "Principals", form -> String.join(";", form.principals()), "Principal codes, separated by ;", "Principal"),
            Column.optional("tier", "Tier", DistributorForm::tier, String.join(", ", TIERS)),
            Column.optional("supplier", "Buys from", DistributorForm::supplier, "Code of its super-stockist or distributor; empty: the principal", "Super-stockist", "Parent"));
    private static final String INSERT = """
            insert into network.distributor (id, code, name, legal_name, gstin, registration, state_code, price_zone, territory_id, address, city, pin, phone,
                                             fssai, upi_id, bank, time_zone, currency, tax_regime, status, tier, supplier_id, version)
            values (:id, :code, :name, :legalName, :gstin, :registration, :stateCode, :priceZone, :territoryId, :address, :city, :pin, :phone,
                    :fssai, :upiId, :bank, :timeZone, :currency, :taxRegime, :status, :tier, :supplierId, :version)""";
    private static final String UPDATE = """
            update network.distributor
               set code = :code, name = :name, legal_name = :legalName, gstin = :gstin, registration = :registration, state_code = :stateCode,
                   price_zone = :priceZone, territory_id = :territoryId, address = :address, city = :city, pin = :pin, phone = :phone, fssai = :fssai,
                   upi_id = :upiId, bank = :bank, time_zone = :timeZone, currency = :currency, tax_regime = :taxRegime, status = :status, tier = :tier, supplier_id = :supplierId, version = :version
             where id = :id and version = :version - 1""";

    private final TenantTransaction transactions;
    private final AuditChain chain;
    private final ScopeChanges scopes;
    private final Clock clock;

    Distributors(TenantTransaction transactions, AuditChain chain, ScopeChanges scopes, Clock clock) {
        super(new Spec<>("distributors", Owner.NETWORK, "network.distributor", DistributorForm.class, Permission.DISTRIBUTOR_READ, Permission.DISTRIBUTOR_WRITE,
                COLUMNS, SELECT, LIST, INSERT, UPDATE));
        this.transactions = transactions;
        this.chain = chain;
        this.scopes = scopes;
        this.clock = clock;
    }

    @Override
    public String key(DistributorForm form) {
        return form.code();
    }

    @Override
    public DistributorForm read(Cells cells) {
        return new DistributorForm(cells.text("code"), cells.text("name"), cells.text("legalName"), cells.textOrNull("gstin"), cells.upper("registration", ""),
                cells.text("stateCode"), cells.textOrNull("priceZone"), cells.textOrNull("territory"), cells.text("address"), cells.text("city"), cells.text("pin"),
                cells.text("phone"), cells.textOrNull("fssai"), cells.textOrNull("upiId"), cells.textOrNull("bank"), cells.text("timeZone"),
                cells.upper("currency", ""), cells.upper("taxRegime", ""), cells.upper("status", ""), cells.items("principals"), cells.upper("tier", ""), cells.textOrNull("supplier"));
    }

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<DistributorForm>> drafts) {
        var territories = ids(db, "select code, id from network.territory");
        var principals = ids(db, "select code, id from network.principal");
        var suppliers = new HashMap<String, Supplier>();
        db.sql("select id, code, tier from network.distributor where code = any (:codes)").param("codes", drafts.stream().map(draft -> draft.form().supplier()).filter(java.util.Objects::nonNull).distinct().toArray(String[]::new))
                .query(Supplier.class).list().forEach(one -> suppliers.put(one.code, one));
        for (var draft : drafts) {
            var form = draft.form();
            draft.code("code", form.code());
            draft.required("name", form.name());
            draft.oneOf("tier", form.tier(), TIERS);
            checkSupplier(draft, form.supplier() == null ? null : suppliers.get(form.supplier()));
            draft.text("legalName", form.legalName());
            draft.oneOf("taxRegime", form.taxRegime(), REGIMES);
            draft.oneOf("status", form.status(), STATES);
            TaxIdentity.check(draft, form.taxRegime(), form.gstin(), form.registration(), form.stateCode());
            if (Set.of("SEZ", "EXPORT", "DEEMED_EXPORT").contains(form.registration())) draft.fault("registration", "a distributor is an ordinary supplier, neither in an SEZ nor abroad", "Say REGULAR, COMPOSITION or UNREGISTERED");
            TaxIdentity.pin(draft, form.taxRegime(), form.pin());
            TaxIdentity.phone(draft, form.phone());
            draft.text("address", form.address(), 400);
            draft.text("city", form.city(), 60);
            draft.text("bank", form.bank());
            draft.text("priceZone", form.priceZone(), 40);
            draft.pattern("fssai", form.fssai(), "[0-9]{14}", "14 digits, as on the licence");
            draft.pattern("upiId", form.upiId(), "[A-Za-z0-9._-]{2,256}@[A-Za-z]{2,64}", "Such as kesar@okbank");
            try {
                ZoneId.of(form.timeZone());
            } catch (DateTimeException _) {
                draft.fault("timeZone", "\"" + form.timeZone() + "\" is no time zone", "Such as Asia/Kolkata");
            }
            try {
                Currency.getInstance(form.currency());
            } catch (IllegalArgumentException _) {
                draft.fault("currency", "\"" + form.currency() + "\" is no currency", "Such as INR");
            }
            if (form.territory() != null && !territories.containsKey(form.territory())) draft.fault("territory", "there is no territory " + form.territory(), "Create it first, or correct the code");
            draft.found("territoryId", form.territory() == null ? null : territories.get(form.territory()));
            var linked = new ArrayList<Long>();
            for (var code : form.principals()) {
                var principal = principals.get(code);
                if (principal == null) draft.fault("principals", "there is no principal " + code, "Create it first, or correct the code");
                else linked.add(principal);
            }
            draft.found("principalIds", linked.toArray(Long[]::new));
        }
    }

    private record Supplier(long id, String code, String tier) {}

    /// Goods go down the chain, so a supplier stands on a higher tier; that also keeps chains free of circles.
    private static void checkSupplier(Draft<DistributorForm> draft, @Nullable Supplier supplier) {
        var form = draft.form();
        draft.found("supplierId", supplier == null ? null : supplier.id);
        if (form.supplier() == null) return;
        if (supplier == null) draft.fault("supplier", "there is no distributor " + form.supplier(), "Create it first, or correct the code");
        else if (TIERS.indexOf(supplier.tier) >= TIERS.indexOf(form.tier())) draft.fault("supplier", supplier.code + " is a " + supplier.tier + ", not above a " + form.tier(), "A distributor of a higher tier");
    }

    static Map<String, Long> ids(JdbcClient db, String sql) {
        var ids = new HashMap<String, Long>();
        db.sql(sql).query(row -> {
            ids.put(row.getString(1), row.getLong(2));
        });
        return ids;
    }

    @Override
    protected void writeParts(Batches batches, List<Draft<DistributorForm>> drafts) {
        var today = LocalDate.now(clock);
        var links = new ArrayList<Map<String, ?>>();
        var ends = new ArrayList<Map<String, ?>>();
        for (var draft : drafts) {
            var ids = (Long[]) draft.found("principalIds");
            for (var principal : ids) links.add(Map.of("distributor", draft.id(), "principal", principal, "today", today));
            if (!draft.isNew()) ends.add(Map.of("distributor", draft.id(), "principals", ids, "today", today));
        }
        if (!links.isEmpty()) batches.run("""
                insert into network.distributor_principal as l (distributor_id, principal_id, valid_from) values (:distributor, :principal, :today)
                    on conflict (distributor_id, principal_id) do update set valid_to = null where l.valid_to is not null""", links);
        if (!ends.isEmpty()) batches.run("""
                update network.distributor_principal set valid_to = :today
                 where distributor_id = :distributor and valid_to is null and principal_id <> all (:principals)""", ends);
    }

    /// A new distributor's own audit chain begins with its creation.
    @Override
    protected void stored(Caller caller, List<Draft<DistributorForm>> drafts) {
        if (!drafts.isEmpty()) scopes.distributorsChanged();
        for (var draft : drafts) {
            long id = (Long) draft.id();
            transactions.write(id, _ -> {
                chain.append(id, List.of(new AuditTrail.Entry(id, clock.instant(), caller.username(), null, "OPENED", type(), AuditChain.idOf(id), null,
                        "{\"key\":\"" + draft.form().code().replace("\"", "") + "\"}")));
                return null;
            });
        }
    }

    @Override
    protected Collection<String> raises(long distributorId, Draft<DistributorForm> draft) {
        return Set.of(ConfigVersions.distributor((Long) draft.id()));
    }
}
