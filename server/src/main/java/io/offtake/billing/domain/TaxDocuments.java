package io.offtake.billing.domain;

import io.offtake.rules.Decision;
import io.offtake.rules.Money;
import io.offtake.rules.RuleBook;
import io.offtake.tax.TaxDocument;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Makes what the tax office sees of a document from what is stored of it.
public final class TaxDocuments {
    private TaxDocuments() {}

    public static TaxDocument of(InvoiceViews.Header header, Decision.Decided decided, PrintedFacts printed, TaxDocument.@Nullable Reference original, boolean cancelled) {
        var seller = printed.seller();
        var buyer = printed.buyer();
        var names = printed.skus().stream().collect(Collectors.toMap(sku -> Long.toString(sku.id()), Function.identity()));
        var codes = decided.schemes().stream().collect(Collectors.toMap(Decision.SchemeBenefit::schemeId, Decision.SchemeBenefit::code, (first, _) -> first));
        var lines = new ArrayList<TaxDocument.Line>();
        int last = 0;
        for (var line : decided.lines()) {
            last = Math.max(last, line.line());
            var sku = names.get(line.skuId());
            var discounts = new ArrayList<TaxDocument.Discount>();
            for (var benefit : line.benefits())
                if (!benefit.amount().isZero())
                    discounts.add(new TaxDocument.Discount(benefit.stage().name(), codes.getOrDefault(benefit.schemeId(), ""), InvoiceViews.money(benefit.amount())));
            if (!line.manualDiscount().isZero()) discounts.add(new TaxDocument.Discount("MANUAL", "", InvoiceViews.money(line.manualDiscount())));
            lines.add(new TaxDocument.Line(line.line(), line.part(), false, sku.id(), sku.code(), sku.name(), sku.baseUnit(), line.hsn(), InvoiceViews.qty(line.qty()),
                    InvoiceViews.price(line.unitPrice()), line.taxInclusive(), InvoiceViews.money(line.gross()), discounts, InvoiceViews.money(line.taxable()), kind(line.taxKind()),
                    InvoiceViews.rate(line.taxRate()), heads(line.cgst(), line.sgst(), line.igst(), line.cess(), line.vat()), InvoiceViews.money(line.total()), batches(line.batches()), assessable(line.assessable(), line.taxable())));
        }
        for (var line : decided.freeLines()) {
            last++;
            var sku = names.get(line.skuId());
            lines.add(new TaxDocument.Line(last, 1, true, sku.id(), sku.code(), sku.name(), sku.baseUnit(), line.hsn(), InvoiceViews.qty(line.qty()),
                    BigDecimal.ZERO, false, InvoiceViews.money(line.taxable()), List.of(), InvoiceViews.money(line.taxable()), kind(line.taxKind()), InvoiceViews.rate(line.taxRate()),
                    heads(line.cgst(), line.sgst(), line.igst(), line.cess(), line.vat()), InvoiceViews.money(line.total()), batches(line.batches())));
        }
        var totals = decided.totals();
        return new TaxDocument(header.id(), header.kind(), header.number(), header.series(), header.businessDate(), header.postedAt(), header.dueOn(), header.saleType(),
                header.paymentMode(), header.distributorId(), header.principalId(), original, printed.note(), cancelled, decided.placeOfSupply(), decided.interState(),
                seller.taxRegime(), seller.currency(), Math.max(0, Currency.getInstance(seller.currency()).getDefaultFractionDigits()),
                new TaxDocument.Party(null, seller.code(), seller.name(), seller.legalName(), seller.gstin(), seller.registration(), seller.stateCode(), seller.address(), seller.city(),
                        seller.pin(), seller.phone()),
                new TaxDocument.Party(buyer.id(), buyer.code(), buyer.name(), buyer.name(), buyer.gstin(), buyer.registration(), buyer.stateCode(), buyer.address(), buyer.city(),
                        buyer.pin(), buyer.phone()),
                seller.bank(), seller.upiId(), lines, new TaxDocument.Totals(InvoiceViews.money(totals.gross()), InvoiceViews.money(totals.taxable()),
                        lines.stream().map(TaxDocument.Line::tax).reduce(BigDecimal.ZERO, BigDecimal::add), InvoiceViews.money(totals.rounding()), InvoiceViews.money(totals.payable())));
    }

    private static @Nullable String kind(RuleBook.@Nullable TaxKind kind) {
        return kind == null ? null : kind.name();
    }

    private static Map<String, BigDecimal> heads(Money cgst, Money sgst, Money igst, Money cess, Money vat) {
        var heads = new LinkedHashMap<String, BigDecimal>();
        put(heads, "CGST", cgst);
        put(heads, "SGST", sgst);
        put(heads, "IGST", igst);
        put(heads, "CESS", cess);
        put(heads, "VAT", vat);
        return heads;
    }

    private static void put(Map<String, BigDecimal> heads, String head, Money amount) {
        if (!amount.isZero()) heads.put(head, InvoiceViews.money(amount));
    }

    private static @Nullable BigDecimal assessable(Money assessable, Money taxable) {
        return assessable.equals(taxable) ? null : InvoiceViews.money(assessable);
    }

    private static List<String> batches(List<Decision.BatchQty> batches) {
        return batches.stream().map(Decision.BatchQty::batchNo).distinct().toList();
    }
}
