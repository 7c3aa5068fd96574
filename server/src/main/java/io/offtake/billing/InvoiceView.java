package io.offtake.billing;

import io.offtake.tax.TaxPack;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A posted invoice or credit note as it was decided and printed; made from the stored, immutable document only, so that it
/// is the same for as long as the document exists. Amounts in the distributor's currency; quantities in base units.
///
/// @param paper how the tax law of its country calls the document and its parts
public record InvoiceView(UUID id, String kind, String number, String series, LocalDate businessDate, Instant postedAt, String postedBy, String saleType,
                          String paymentMode, LocalDate dueOn, long distributorId, long principalId, UUID warehouseId, @Nullable UUID orderId,
                          @Nullable UUID originalId, String origin, @Nullable String note, String placeOfSupply, boolean interState, Seller seller,
                          Buyer outlet, List<Line> lines, List<FreeLine> freeLines, List<Tax> taxes, Totals totals, List<SchemeUse> schemes,
                          List<Warning> warnings, String ruleBookHash, String configVersion, TaxPack.Paper paper) {

    /// The distributor as it stood on the paper (IN-26).
    public record Seller(String code, String name, String legalName, String address, String city, String pin, String phone, @Nullable String gstin,
                         String registration, String stateCode, String stateName, @Nullable String fssai, @Nullable String upiId, @Nullable String bank, String currency) {}

    /// The outlet as it stood on the paper.
    public record Buyer(UUID id, String code, String name, @Nullable String nameLocal, String channel, String outletClass, @Nullable String gstin,
                        String registration, String stateCode, String stateName, String address, String city, String pin, String phone,
                        @Nullable String beat,
                        @Nullable String salesman) {}

    public record BatchQty(UUID batchId, String batchNo, @Nullable LocalDate expiresOn, BigDecimal qty) {}

    /// One SKU at one MRP and price. `taxRate` is a fraction.
    public record Line(int line, int part, long skuId, String skuCode, String skuName, @Nullable String skuNameLocal, String unit, @Nullable String enteredQty,
                       @Nullable BigDecimal mrp, List<BatchQty> batches, BigDecimal qty, BigDecimal unitPrice, @Nullable String priceListId,
                       int priceListVersion, int priceLevel, BigDecimal gross, List<Benefit> schemes, BigDecimal schemeDiscount,
                       BigDecimal manualDiscount, BigDecimal taxable, String hsn, String taxRateId, BigDecimal taxRate, BigDecimal cgst, BigDecimal sgst,
                       BigDecimal igst, BigDecimal cess, BigDecimal vat, BigDecimal total) {}

    public record Benefit(long schemeId, int version, BigDecimal amount) {}

    /// Free goods of one scheme.
    public record FreeLine(long schemeId, int schemeVersion, long skuId, String skuCode, String skuName, @Nullable String skuNameLocal, String unit,
                           @Nullable BigDecimal mrp, List<BatchQty> batches, BigDecimal qty, String hsn, BigDecimal taxRate, BigDecimal taxable,
                           BigDecimal cgst, BigDecimal sgst, BigDecimal igst, BigDecimal cess, BigDecimal vat, BigDecimal total) {}

    /// Value and tax by HSN and rate; without a kind where the seller charges no tax.
    public record Tax(String hsn, @Nullable String kind, BigDecimal rate, BigDecimal qty, BigDecimal taxable, BigDecimal cgst, BigDecimal sgst, BigDecimal igst,
                      BigDecimal cess, BigDecimal vat) {}

    public record Totals(BigDecimal gross, BigDecimal schemeDiscount, BigDecimal manualDiscount, BigDecimal taxable, BigDecimal cgst, BigDecimal sgst,
                         BigDecimal igst, BigDecimal cess, BigDecimal vat, BigDecimal rounding, BigDecimal payable) {}

    public record SchemeUse(long schemeId, int version, String code, BigDecimal discount, BigDecimal freeGoodsValue, BigDecimal claim) {}

    public record Warning(String code, @Nullable Integer line, @Nullable Long skuId) {}
}
