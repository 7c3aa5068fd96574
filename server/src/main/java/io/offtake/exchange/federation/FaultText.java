package io.offtake.exchange.federation;

import io.offtake.insight.Says;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/// What faults of a feed say, and what would be accepted. Each is a sentence with places for what it speaks of; the tower has it in
/// its own languages under the same name, and English is what senders are answered in.
enum FaultText {
    COUNT("{{announced}} records were announced, {{came}} came"),
    NO_OBJECT("record {{line}} is no JSON object"),
    OBJECT_OF("an object with the fields of {{type}}"),
    NOT_POSSIBLE("\"{{value}}\" is not possible"),
    NO_REVISION("\"{{value}}\" is no revision"),
    MISSING("{{field}} is missing"),
    WRONG_FORM("{{field}} has not the right form"),
    STRANGE("{{fields}} belong to no approved structure and are kept aside"),
    CONTRACT_FIELDS("fields of the contract, or names that begin with x_"),
    OUTSIDE("{{day}} lies outside of the period of the batch"),
    FROM_TO("{{from}} to {{to}}"),
    FUTURE("{{day}} is in the future"),
    DAY_UP_TO("a day up to {{day}}"),
    STOCK_BELOW("stock below zero"),
    ZERO_OR_MORE("0 or more"),
    DUE_BEFORE("due on {{due}}, before the document of {{day}}"),
    DAY_FROM("a day on or after {{day}}"),
    BELOW_ZERO("{{field}} is below zero"),
    ZERO_OR_MORE_CN("0 or more; a credit note's amounts are positive, too"),
    MRP_ZERO("mrp must be above zero"),
    PRINTED_MRP("the MRP printed on the pack"),
    NO_BASE("the billed quantity has no base units"),
    BASE_OF("base units of qty_billed"),
    UNIT_IS_ONE("a UNIT is one base unit"),
    TRUE_UNIT("base_qty equal to qty_billed, or the true unit"),
    LINE_OFF("taxable is {{taxable}}, quantity × price less discounts is {{expected}}"),
    TOTAL_OFF("total is {{total}}, taxable and tax are {{expected}}"),
    TAX_OFF("tax is {{tax}}, taxable × rate is {{expected}}"),
    BENEFIT_OFF("schemes gave {{benefit}}, the line's discounts are {{discounts}}"),
    AT_MOST("at most {{most}}"),
    PRIMARY_OFF("billed {{billed}}, but received, short and damaged are {{sum}}"),
    MOVEMENT_ZERO("a movement needs a quantity above zero"),
    MOVED("what was moved, in base units; the type says which way"),
    SAME_BUCKET("the goods stay in their bucket"),
    OTHER_BUCKET("a bucket other than from_bucket"),
    NO_GSTIN("a registered outlet has no GSTIN"),
    GSTIN_TOO_MUCH("an outlet that is not registered has a tax identity"),
    ITS_GSTIN("its GSTIN"),
    GSTIN_OR_NONE("tax_id_type GSTIN, or no tax_id"),
    ORDER_ZERO("an order line needs a quantity above zero"),
    ORDERED("what was ordered, in base units"),
    NOT_VERIFIED("cannot be verified: records hold no number to sum"),
    CONTROL_OFF("{{total}} was announced as {{announced}}, the records sum to {{sum}}"),
    HEADER_OFF("the lines of {{doc}} sum to {{sum}}, its header says {{header}}"),
    GAPS("{{series}} lacks {{numbers}}"),
    CONSECUTIVE("consecutive numbers, or the cancelled ones with op CANCEL"),
    TWICE("{{key}} stands in the batch twice (record {{line}})"),
    ONCE("each key once, or a higher revision"),
    OUTLETS_KNOWN("{{mapped}} of {{of}} records have a known outlet"),
    SKUS_KNOWN("{{mapped}} of {{of}} records have a known SKU"),
    MAPPED_SHARE("99.5 % or more"),
    NO_TEXT("{{field}} is no text"),
    TOO_LONG("{{field}} is longer than {{most}} characters"),
    CONTROL_CHARACTER("{{field}} holds a control character"),
    NO_DAY("{{field}} \"{{value}}\" is no day"),
    NO_DECIMAL("{{field}} \"{{value}}\" is no decimal number"),
    NO_WHOLE("{{field}} \"{{value}}\" is no whole number above 0"),
    NO_FLAG("{{field}} \"{{value}}\" is neither true nor false"),
    NONE_OF("{{field}} \"{{value}}\" is not possible"),
    NO_SCHEMES("{{field}} needs scheme_id and benefit in each entry"),
    NO_HEAD("{{field}} {{head}} is no tax head with an amount"),
    HEADLESS("{{field}} names no tax head"),
    TEXT("a text of at most {{most}} characters"),
    DAY("a day such as 2026-11-25"),
    DECIMAL("a decimal number such as \"1234.50\""),
    WHOLE("a whole number such as 1"),
    FLAG("true or false"),
    SCHEMES("[{\"scheme_id\": \"…\", \"benefit\": \"0.00\"}], empty if there was none"),
    HEADS("amounts by head: cgst, sgst, igst, cess, vat"),
    NOT_READ("{{field}} \"{{value}}\" is not read here"),
    VERSION("1.0 or a higher 1.x"),
    SYSTEM_NAME("the name of the sending system"),
    VALUE_FORM("{{field}} \"{{value}}\" has not the right form"),
    SYSTEM_FORM("letters, digits, blank . _ - and at most 40 characters"),
    DISTRIBUTOR_CODE("the distributor's code"),
    UUID("a UUID"),
    NO_UUID("{{field}} \"{{value}}\" is no UUID"),
    OWN_UUID("a UUID that the sender makes once per batch"),
    NOT_TAKEN("{{field}} \"{{value}}\" is not taken in"),
    NO_PERIOD("{{field}} {{from}} to {{to}} is no period"),
    PERIOD("from on or before to, at most 400 days"),
    NO_COUNT("{{field}} is no number of records"),
    RECORDS("the number of records in the batch"),
    NO_NUMBER("{{field}} is no decimal number"),
    SUM("the sum over the records, such as \"1234.50\""),
    INSTANT("an instant such as 2026-11-26T02:10:00Z"),
    NO_INSTANT("{{field}} \"{{value}}\" is no instant"),
    NO_DAY_AS("{{field}} has no day as {{name}}"),
    NOT_AGREED("{{type}} was not agreed with {{source}}"),
    GONE("{{count}} records of the period are no longer there"),
    SOFTLY_FROZEN("the month of {{day}} is softly frozen"),
    OUTLET_UNMAPPED("\"{{code}}\" is not mapped to an outlet"),
    MAP_IT("map it; the record waits until then"),
    SKU_UNMAPPED("\"{{code}}\" is not mapped to a SKU"),
    MAP_OR_GTIN("map it, or send its GTIN; the record waits until then"),
    REVISION_KNOWN("{{key}} is known with revision {{revision}} and another content"),
    REVISION_FROM("revision {{revision}} or higher"),
    NOTHING_TO_CANCEL("there is no {{key}} to cancel"),
    ACCEPTED_KEY("the key of a record that was accepted"),
    FROZEN("the month of {{day}} is frozen"),
    RESTATEMENT("a restatement: restatement_reason in the envelope"),
    RESTATED("{{changed}} of {{value}} in {{month}} are restated"),
    SIGN_OFF("a sign-off, or at most 1 % of the month"),
    ROLL_OFF("opening and movement do not give the closing stock of {{count}} SKUs: {{skus}}"),
    SOLD_BEYOND("{{count}} SKUs were sold beyond their stock"),
    UP_TO_STOCK("sales up to opening stock and receipts");

    /// A sentence in English, and what the reader's own language makes it of.
    ///
    /// @param says null where it is the same in every language: numbers, codes
    record Words(String english, @Nullable Says says) {}

    private final String english;

    FaultText(String english) {
        this.english = english;
    }

    /// @param pairs name, value, name, value …
    Words of(Object... pairs) {
        var text = english;
        var parameters = new HashMap<String, String>();
        for (int at = 0; at < pairs.length; at += 2) {
            var value = String.valueOf(pairs[at + 1]);
            parameters.put(String.valueOf(pairs[at]), value);
            text = text.replace("{{" + pairs[at] + "}}", value);
        }
        return new Words(text, new Says(name(), parameters));
    }

    /// What needs no language.
    static Words plain(Object same) {
        return new Words(String.valueOf(same), null);
    }
}
