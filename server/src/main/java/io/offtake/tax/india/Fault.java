package io.offtake.tax.india;

import org.jspecify.annotations.Nullable;

/// Why a payload would be refused, found before it is sent (IN-34).
///
/// @param code     the portal's number where it has one (2172, 2189, …), else the rule's id
/// @param pointer  JSON pointer into the payload
/// @param where    what has to be put right: DISTRIBUTOR, OUTLET, SKU or DOCUMENT
/// @param detail   in a sentence
/// @param accepted what would be taken, if it can be said
public record Fault(String code, String pointer, String where, String detail, @Nullable String accepted) {
    static Fault at(String code, String pointer, String detail, @Nullable Object accepted) {
        var where = pointer.startsWith("/SellerDtls") ? "DISTRIBUTOR" : pointer.startsWith("/BuyerDtls") ? "OUTLET" : pointer.contains("/HsnCd") || pointer.contains("/Unit") ? "SKU" : "DOCUMENT";
        return new Fault(code, pointer, where, detail, accepted == null ? null : accepted.toString());
    }
}
