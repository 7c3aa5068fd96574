package io.offtake.tax.app;

import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.tax.DocumentKind;
import io.offtake.tax.PostedDocuments;
import io.offtake.tax.TaxDocument;
import io.offtake.tax.india.Customer;
import io.offtake.tax.india.DiscountRegime;
import io.offtake.tax.india.DynamicQr;
import io.offtake.tax.india.EInvoice;
import io.offtake.tax.india.EwayBill;
import io.offtake.tax.india.Law;
import io.offtake.tax.store.FilingStore;
import io.offtake.tax.store.FilingStore.Filing;
import io.offtake.tax.store.FilingStore.State;
import io.offtake.tax.store.FilingStore.Task;
import io.offtake.tax.store.LawStore;
import io.offtake.tax.store.Undertakings;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/// What the law says of one posted document: its title and customer class, whether it needs an IRN or an e-way bill, and what
/// has to stand on its paper.
@Service
public class TaxFacts {
    private final TenantTransaction transactions;
    private final PostedDocuments documents;
    private final FilingStore store;
    private final Clock clock;

    TaxFacts(TenantTransaction transactions, PostedDocuments documents, FilingStore store, Clock clock) {
        this.transactions = transactions;
        this.documents = documents;
        this.store = store;
        this.clock = clock;
    }

    /// @param wording       lines the paper must carry, as codes the screens translate: COMPOSITION_SUPPLIER; SEZ_SUPPLY, EXPORT_SUPPLY, each also with _UNDERTAKING (r.46); DEEMED_EXPORT
    /// @param undertaking   number of the letter of undertaking that a zero-rated supply without tax rests on
    /// @param signedQr      of the portal, for the paper
    /// @param dynamicQr     payable QR of a consumer bill where it is due (IN-36); null: not due, or no UPI id
    /// @param original      the invoice a note quotes
    /// @param noteLastDay   the last day on which a credit note may lower its tax (IN-22)
    public record Facts(UUID id, DocumentKind kind, String customer, List<String> wording, @Nullable String undertaking, boolean eInvoiceDue, @Nullable String eInvoiceState, @Nullable String irn, @Nullable String acknowledgement,
                        @Nullable Instant acknowledgedAt, @Nullable String signedQr, @Nullable LocalDate reportBy, EwayNeed eWayBill, @Nullable String dynamicQr, @Nullable LocalDate noteLastDay, TaxDocument.@Nullable Reference original) {}

    /// @param limit null where the State sets none
    public record EwayNeed(boolean needed, BigDecimal value, @Nullable BigDecimal limit, boolean goodsSpecific, String source, @Nullable String state, @Nullable String number, @Nullable Instant validUntil) {}

    /// Of one document in the scope; empty if it is not there or under another regime.
    public Optional<Facts> of(RowScope scope, UUID id) {
        var document = documents.find(scope, id).filter(one -> one.regime().equals("IN_GST"));
        return document.map(one -> transactions.read(scope, db -> facts(db, one)));
    }

    private Facts facts(JdbcClient db, TaxDocument document) {
        var law = LawStore.law(db);
        var turnover = LawStore.highestTurnover(db, document.distributorId());
        var on = document.businessDate();
        var kind = Filings.kind(document);
        var customer = Customer.of(document.buyer().taxId(), document.buyer().registration(), document.interState(), document.totals().payable(), on, law);
        boolean due = document.seller().registration().equals("REGULAR") && EInvoice.isDue(turnover, kind, customer, on, law);
        var invoice = store.find(db, document.distributorId(), document.id(), Task.E_INVOICE).orElse(null);
        var eway = store.find(db, document.distributorId(), document.id(), Task.E_WAY_BILL).orElse(null);
        boolean registered = invoice != null && invoice.state() == State.REGISTERED;
        var wording = new java.util.ArrayList<String>();
        if (document.seller().registration().equals("COMPOSITION")) wording.add("COMPOSITION_SUPPLIER");
        if (document.isZeroRated() && document.seller().registration().equals("REGULAR")) wording.add((document.buyer().registration().equals("SEZ") ? "SEZ_SUPPLY" : "EXPORT_SUPPLY") + (document.isWithPayment() ? "" : "_UNDERTAKING"));
        if (document.buyer().registration().equals("DEEMED_EXPORT")) wording.add("DEEMED_EXPORT");
        var need = need(document, law, eway);
        return new Facts(document.id(), kind, customer.name(), wording, document.isZeroRated() && !document.isWithPayment() ? Undertakings.numberOn(db, document.distributorId(), supplied(document)) : null, due, invoice == null ? null : invoice.state().name(), registered ? invoice.reference() : null,
                registered ? invoice.acknowledgement() : null, registered ? invoice.acknowledgedAt() : null, registered ? invoice.signedQr() : null,
                due ? EInvoice.reportBy(turnover, on, LocalDate.ofInstant(clock.instant(), EwayBill.ZONE), law) : null, need, qr(db, document, turnover, customer, law),
                document.kind().equals("INVOICE") ? io.offtake.tax.india.FiscalYears.lastDayForTaxNote(on, filed(db, document)) : null, document.original());
    }

    /// The day of the supply: of the invoice, for a note on it.
    private static LocalDate supplied(TaxDocument document) {
        return document.original() == null ? document.businessDate() : document.original().businessDate();
    }

    private static @Nullable LocalDate filed(JdbcClient db, TaxDocument document) {
        return db.sql("select annual_return_filed_on from tax.fiscal_year where distributor_id = ? and year = ?")
                .params(document.distributorId(), io.offtake.tax.india.FiscalYears.of(document.businessDate())).query((row, _) -> Optional.ofNullable(row.getObject(1, LocalDate.class))).optional()
                .flatMap(found -> found).orElse(null);
    }

    private static EwayNeed need(TaxDocument document, Law law, @Nullable Filing eway) {
        var withTax = BigDecimal.ZERO;
        var exempt = BigDecimal.ZERO;
        for (var line : document.lines()) {
            if (line.kind() == null || line.kind().equals("TAXABLE") || line.kind().equals("ZERO_RATED")) withTax = withTax.add(line.total());
            else exempt = exempt.add(line.total());
        }
        boolean city = !document.seller().city().isBlank() && document.seller().city().equalsIgnoreCase(document.buyer().city());
        var need = EwayBill.need(new EwayBill.Consignment(withTax, exempt, document.interState(), document.seller().stateCode(), city), document.businessDate(), law);
        boolean needed = need.needed() && document.kind().equals("INVOICE") && document.saleType().equals("DELIVERY") && !document.cancelled();
        return new EwayNeed(needed, need.value(), need.limit(), need.goodsSpecific(), need.source(), eway == null ? null : eway.state().name(), eway == null ? null : eway.reference(),
                eway == null ? null : eway.validUntil());
    }

    private static @Nullable String qr(JdbcClient db, TaxDocument document, BigDecimal turnover, Customer customer, Law law) {
        var upi = document.upiId();
        var gstin = document.seller().taxId();
        if (upi == null || gstin == null || !document.kind().equals("INVOICE") || !EInvoice.needsDynamicQr(turnover, customer, document.businessDate(), law)) return null;
        var bank = db.sql("select bank_account, bank_ifsc from tax.registration where distributor_id = ?").param(document.distributorId())
                .query((row, _) -> new String[] {row.getString(1), row.getString(2)}).optional().orElse(new String[] {null, null});
        var heads = new java.util.HashMap<String, BigDecimal>();
        for (var line : document.lines()) line.heads().forEach((head, amount) -> heads.merge(head, amount, BigDecimal::add));
        var zero = new BigDecimal("0.00");
        return DynamicQr.of(new DynamicQr.Facts(gstin, document.seller().name(), upi, bank[0], bank[1], document.number(), document.businessDate(), document.totals().payable(),
                heads.getOrDefault("CGST", zero), heads.getOrDefault("SGST", zero), heads.getOrDefault("IGST", zero), heads.getOrDefault("CESS", zero)));
    }

    /// What is known of a discount after the sale; the supply's date and the buyer come from the invoice.
    public record LaterDiscount(@Nullable LocalDate agreedOn, boolean linked, boolean itcReversed, LocalDate noteOn) {}

    /// Which note a discount after the sale takes (IN-21, IN-22); empty if the invoice is not there.
    public Optional<DiscountRegime.Choice> choose(RowScope scope, UUID invoiceId, LaterDiscount discount) {
        return documents.find(scope, invoiceId).filter(one -> one.regime().equals("IN_GST") && one.kind().equals("INVOICE")).map(document -> transactions.read(scope, db -> {
            var regime = DiscountRegime.on(LawStore.discountRegimes(db), discount.noteOn);
            return regime.choose(new DiscountRegime.Facts(document.businessDate(), discount.agreedOn, discount.linked, document.buyer().taxId() != null, discount.itcReversed), discount.noteOn, filed(db, document));
        }));
    }
}
