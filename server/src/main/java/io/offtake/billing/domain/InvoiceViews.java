package io.offtake.billing.domain;

import io.offtake.billing.InvoiceView;
import io.offtake.network.Printed;
import io.offtake.network.States;
import io.offtake.rules.Decision;
import io.offtake.rules.Money;
import io.offtake.rules.Qty;
import io.offtake.rules.Rate;
import io.offtake.rules.UnitPrice;
import io.offtake.tax.TaxPack;
import io.offtake.tax.TaxPacks;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes the view of a document from what is stored of it; the first answer is made the same way, so both are equal.
public final class InvoiceViews {
    private InvoiceViews() {}

    /// The columns of the stored header that the view shows.
    public record Header(UUID id, String kind, String number, String series, LocalDate businessDate, Instant postedAt, String postedBy, String saleType,
                         String paymentMode, LocalDate dueOn, long distributorId, long principalId, UUID warehouseId, @Nullable UUID orderId,
                         @Nullable UUID originalId, String origin, String ruleBookHash, String configVersion) {}

    public static InvoiceView of(Header header, Decision.Decided decided, PrintedFacts printed) {
        var seller = printed.seller();
        var buyer = printed.buyer();
        var names = printed.skus().stream().collect(Collectors.toMap(sku -> Long.toString(sku.id()), Function.identity()));
        return new InvoiceView(header.id, header.kind, header.number, header.series, header.businessDate, header.postedAt, header.postedBy, header.saleType,
                header.paymentMode, header.dueOn, header.distributorId, header.principalId, header.warehouseId, header.orderId, header.originalId, header.origin,
                printed.note(), decided.placeOfSupply(), decided.interState(),
                new InvoiceView.Seller(seller.code(), seller.name(), seller.legalName(), seller.address(), seller.city(), seller.pin(), seller.phone(), seller.gstin(),
                        seller.registration(), seller.stateCode(), state(seller.stateCode()), seller.fssai(), seller.upiId(), seller.bank(), seller.currency()),
                new InvoiceView.Buyer(buyer.id(), buyer.code(), buyer.name(), buyer.nameLocal(), buyer.channel(), buyer.outletClass(), buyer.gstin(),
                        buyer.registration(), buyer.stateCode(), state(buyer.stateCode()), buyer.address(), buyer.city(), buyer.pin(), buyer.phone(), buyer.beat(), buyer.salesman()),
                decided.lines().stream().map(line -> {
                    var sku = names.get(line.skuId());
                    return new InvoiceView.Line(line.line(), line.part(), sku.id(), sku.code(), sku.name(), sku.nameLocal(), sku.baseUnit(),
                            entered(printed.entered(), line), money(line.mrp()), batches(line.batches()), qty(line.qty()), price(line.unitPrice()),
                            line.priceListId(), line.priceListVersion(), line.priceLevel(), money(line.gross()),
                            line.benefits().stream().map(benefit -> new InvoiceView.Benefit(Long.parseLong(benefit.schemeId()), benefit.schemeVersion(), money(benefit.amount()))).toList(),
                            money(line.schemeDiscount()), money(line.manualDiscount()), money(line.taxable()), line.hsn(), line.taxRateId(), rate(line.taxRate()),
                            money(line.cgst()), money(line.sgst()), money(line.igst()), money(line.cess()), money(line.vat()), money(line.total()));
                }).toList(),
                decided.freeLines().stream().map(line -> {
                    var sku = names.get(line.skuId());
                    return new InvoiceView.FreeLine(Long.parseLong(line.schemeId()), line.schemeVersion(), sku.id(), sku.code(), sku.name(), sku.nameLocal(), sku.baseUnit(),
                            money(line.mrp()), batches(line.batches()), qty(line.qty()), line.hsn(), rate(line.taxRate()), money(line.taxable()), money(line.cgst()),
                            money(line.sgst()), money(line.igst()), money(line.cess()), money(line.vat()), money(line.total()));
                }).toList(),
                decided.taxes().stream().map(tax -> new InvoiceView.Tax(tax.hsn(), tax.kind() == null ? null : tax.kind().name(), rate(tax.rate()), qty(tax.qty()), money(tax.taxable()), money(tax.cgst()),
                        money(tax.sgst()), money(tax.igst()), money(tax.cess()), money(tax.vat()))).toList(),
                totals(decided.totals()),
                decided.schemes().stream().map(scheme -> new InvoiceView.SchemeUse(Long.parseLong(scheme.schemeId()), scheme.schemeVersion(), scheme.code(), money(scheme.discount()),
                        money(scheme.freeGoodsValue()), money(scheme.claim()))).toList(),
                decided.warnings().stream().map(warning -> new InvoiceView.Warning(warning.code().name(), warning.line(),
                        warning.skuId() == null ? null : Long.valueOf(warning.skuId()))).toList(),
                header.ruleBookHash, header.configVersion, paper(header, decided, seller, buyer));
    }

    private static TaxPack.Paper paper(Header header, Decision.Decided decided, Printed.Seller seller, Printed.Buyer buyer) {
        boolean taxed = decided.lines().stream().anyMatch(line -> !line.taxRate().equals(Rate.ZERO));
        var kinds = Stream.concat(decided.lines().stream().map(Decision.ResultLine::taxKind), decided.freeLines().stream().map(Decision.FreeLine::taxKind))
                .filter(Objects::nonNull).map(Enum::name).distinct().toList();
        return TaxPacks.of(seller.taxRegime()).paper(header.kind, seller.registration(), taxed, !buyer.registration().equals("UNREGISTERED"), kinds);
    }

    /// The name that the law prints beside the code (IN-26); empty for codes that are none.
    private static String state(String code) {
        return States.names().getOrDefault(code, "");
    }

    private static @Nullable String entered(Map<Integer, String> entered, Decision.ResultLine line) {
        return line.part() == 1 ? entered.get(line.line()) : null;
    }

    private static InvoiceView.Totals totals(Decision.Totals totals) {
        return new InvoiceView.Totals(money(totals.gross()), money(totals.schemeDiscount()), money(totals.manualDiscount()), money(totals.taxable()), money(totals.cgst()),
                money(totals.sgst()), money(totals.igst()), money(totals.cess()), money(totals.vat()), money(totals.rounding()), money(totals.payable()));
    }

    private static List<InvoiceView.BatchQty> batches(List<Decision.BatchQty> batches) {
        return batches.stream().map(batch -> new InvoiceView.BatchQty(UUID.fromString(batch.batchId()), batch.batchNo(),
                batch.expiresOn() == null ? null : LocalDate.ofEpochDay(batch.expiresOn()), qty(batch.qty()))).toList();
    }

    public static BigDecimal money(Money money) {
        return money == null ? null : BigDecimal.valueOf(money.units(), money.scale());
    }

    /// Without trailing zeros, as people write it: 12, 0.5.
    public static BigDecimal qty(Qty qty) {
        return new BigDecimal(qty.toString());
    }

    public static BigDecimal price(UnitPrice price) {
        return new BigDecimal(price.toString());
    }

    public static BigDecimal rate(Rate rate) {
        return new BigDecimal(rate.toString());
    }
}
