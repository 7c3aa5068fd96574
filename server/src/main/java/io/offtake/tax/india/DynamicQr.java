package io.offtake.tax.india;

import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// The payable QR of a consumer bill (N/N 14/2020-CT, Circulars 146/2/2021 and 156/12/2021; IN-36): a UPI intent that any
/// payment app reads, with the particulars the law asks for.
public final class DynamicQr {
    private DynamicQr() {}

    /// What the code carries. Amounts in rupees.
    public record Facts(String sellerGstin, String sellerName, String upiId, @Nullable String bankAccount, @Nullable String ifsc, String number, LocalDate date, BigDecimal value,
                        BigDecimal cgst, BigDecimal sgst, BigDecimal igst, BigDecimal cess) {}

    public static String of(Facts facts) {
        var text = new StringBuilder("upi://pay?ver=01&mode=16&pa=").append(coded(facts.upiId)).append("&pn=").append(coded(facts.sellerName)).append("&tr=").append(coded(facts.number))
                .append("&am=").append(facts.value.toPlainString()).append("&cu=INR&gstIn=").append(facts.sellerGstin).append("&invoiceNo=").append(coded(facts.number))
                .append("&invoiceDate=").append(facts.date).append("T00:00:00%2B05:30&gstBrkUp=").append(coded(split(facts)));
        if (facts.bankAccount != null && facts.ifsc != null) text.append("&accNo=").append(coded(facts.bankAccount)).append("&ifsc=").append(coded(facts.ifsc));
        return text.toString();
    }

    /// `CGST:45.10|SGST:45.10`, the heads that are not zero.
    private static String split(Facts facts) {
        var parts = new java.util.ArrayList<String>();
        add(parts, "CGST", facts.cgst);
        add(parts, "SGST", facts.sgst);
        add(parts, "IGST", facts.igst);
        add(parts, "CESS", facts.cess);
        return "GST:" + facts.cgst.add(facts.sgst).add(facts.igst).toPlainString() + (parts.isEmpty() ? "" : "|" + String.join("|", parts));
    }

    private static void add(java.util.List<String> parts, String head, BigDecimal amount) {
        if (amount.signum() != 0) parts.add(head + ":" + amount.toPlainString());
    }

    private static String coded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
