package io.offtake.platform;

/// Every code a refusal can carry. Codes are stable: clients branch on them, so one is added, never renamed.
/// The texts go into the integrator's guide and the OpenAPI document as they stand here.
public enum ProblemCode {
    // the request itself
    MALFORMED(400, "The request cannot be read", "The body is not JSON, or a value has not the type the field wants. `errors` points at the place."),
    INVALID(422, "Some fields are not acceptable", "The request can be read, but fields are missing or out of range: one entry of `errors` per field."),
    CURSOR_INVALID(400, "This page does not exist", "The cursor was changed, or belongs to another list or sort order. Start again without it."),
    FILTER_UNKNOWN(400, "This list cannot be asked so", "A filter or sort field is not known to the list, or its value has the wrong form; `accepted` lists what is."),
    IF_MATCH_MISSING(428, "The version is missing", "Send the ETag you read in If-Match, so that nobody's change is lost."),
    STALE(412, "Somebody changed this meanwhile", "Read it again and repeat the change; `currentVersion` is the version in force."),
    METHOD_NOT_ALLOWED(405, "This address does not answer that method", "`accepted` lists the methods it answers."),
    NOT_ACCEPTABLE(406, "This form is not offered", "The Accept header asks for a media type the operation does not produce."),
    TOO_LARGE(413, "The request is too large", "`accepted` is the limit in bytes. Send it in parts."),
    MEDIA_TYPE(415, "This media type is not read here", "`accepted` lists the content types the operation reads."),

    // access
    SIGNED_OUT(401, "Sign in first", "There is no session or token, or it has ended."),
    BAD_CREDENTIALS(401, "User name or password is not right", "Also the answer for users that do not exist or are blocked."),
    CSRF_MISSING(403, "The request does not come from the application", "A change needs the X-CSRF-Token header with the value of the session's `csrf`."),
    FORBIDDEN(403, "Your role does not allow this", "`permission` is what is missing, `grantedBy` the roles that hold it."),
    NOT_FOUND(404, "Not found", "It does not exist, or it is outside of your row scope: both are answered alike."),
    TOO_MANY_REQUESTS(429, "Too many attempts", "Wait the seconds of Retry-After."),
    DUTIES_CONFLICT(409, "These duties exclude each other", "Segregation of duties: `rule` names the conflict (SOD-1 to SOD-10)."),
    LAST_ADMINISTRATOR(409, "Somebody must be able to administer users", "The change would leave no active user who may administer users."),
    PASSWORD_WEAK(422, "This password is too easy to guess", "At least 12 characters, not the user name, not a well-known password."),

    // masters
    DUPLICATE(409, "This already exists", "A business key (code, number, identity) is taken; `errors` points at it."),
    IN_USE(409, "This is still used", "Something refers to it, so it can be deactivated but not removed."),
    CHECK_DIGIT(422, "The check digit does not fit", "A tax identity or barcode was mistyped."),
    VERSION_NOT_FUTURE(409, "The past cannot be changed", "Versions of prices, schemes and taxes start on a later date than the one in force."),

    // change requests
    CHECKS_FAILED(409, "The checks do not allow this", "`findings` lists what stands in the way: errors have to be corrected, warnings acknowledged by their code."),
    CONTENT_CHANGED(409, "This is not what was proposed", "The content or the version it is based on has changed since; `contentHash` is the present one. Read it again before you decide."),
    TEMPLATE_LOCKED(409, "The template does not allow this", "A locked field was changed, or a value is outside of its bounds; `accepted` is what the template allows."),
    SIGNATURE_INVALID(422, "The signature does not hold", "The bundle was altered, or signed by a key that nobody here trusts; `rule` says which."),

    // documents
    ID_REUSED(409, "This id belongs to another document", "The same document id was sent before with another content. Use a new id for a new document."),
    ILLEGAL_STATE(409, "This is not possible in its present state", "`state` is the state the document is in, `accepted` the states in which the step is possible."),
    STOCK_SHORT(409, "Not enough stock", "`gaps` lists SKU, wanted and available quantity in base units."),
    CREDIT_LIMIT(409, "The credit limit would be passed", "`exposure` and `limit` in the distributor's currency; `accepted` is what may still be billed."),
    CREDIT_OVERDUE(409, "Bills are overdue", "`days` is the age of the oldest open bill, `allowed` the days agreed."),
    OUTLET_NOT_ACTIVE(409, "This outlet may not be billed", "Its `state` is not ACTIVE."),
    SKU_NOT_SOLD(409, "This SKU is not sold here", "It is discontinued, or belongs to another principal than the document."),
    PRICE_MISSING(409, "No price is in force", "No price list covers the SKU on the business date (PX-01)."),
    MANUAL_ABOVE_LIMIT(409, "The manual discount is above your own limit", "`accepted` is the highest percentage off the list price that you may give (PX-43)."),
    PRICE_BELOW_FLOOR(409, "The price is below the floor", "`accepted` is the lowest price for this SKU."),
    PRICE_ABOVE_MRP(409, "The price is above the MRP", "`accepted` is the highest price for this batch."),
    TAX_MISSING(409, "No tax rate is in force", "No rate covers the HSN code on the business date."),
    BATCH_NOT_SALEABLE(409, "This batch may not be sold", "It is expired, too near its expiry, or not in saleable stock."),
    QUANTITY_INVALID(422, "The quantity does not fit the unit", "Not a positive multiple of the smallest billable piece."),
    SERIES_CLOSED(409, "The number series is closed", "There is no open series for the document type and fiscal year of the business date."),
    DATE_CLOSED(409, "The business date is not open", "Too far back, in the future, or in a closed day; `accepted` is the earliest date."),
    TAX_NOTE_LATE(409, "Too late for a tax credit note", "After `lastDate` a note lowers the tax of that supply no more (30 November after its fiscal year); write a financial credit note."),
    PORTAL_SILENT(503, "The tax portal does not answer", "Nothing was changed here. Ask again: the portal does nothing twice."),
    PORTAL_REFUSED(409, "The tax portal says no", "`portal` lists its codes and words."),
    CANCEL_WINDOW(409, "Too late to cancel", "Outside the cancellation window; write a credit note instead."),
    SAME_PERSON(409, "Somebody else has to confirm this", "Maker is not checker (INV-09)."),
    RETURN_LIMIT(409, "The return is above your limit", "`value` is what it comes to, `accepted` what your roles may approve, `roles` who may."),
    RETURN_NOT_CREDITABLE(409, "These goods are not taken back", "Not on that bill, never sold to the outlet, or after the last day; `accepted` is that day."),
    OVER_ALLOCATED(409, "More than is open", "The amounts allocated are above the open amount of a bill or the amount collected."),
    DIFFERS(409, "The server decides differently", "What was expected is not what the rules give; `difference` shows both."),
    REFUSED(409, "A rule refused this", "`rule` names the rule and `detail` what would be accepted."),

    // claims
    CLAIM_ABOVE_ENTITLEMENT(422, "More than the bills give", "A claimed amount can only be lowered; `accepted` is the entitlement of the line (domain/06)."),
    CLAIM_EVIDENCE_MISSING(409, "Evidence is missing", "This type of claim is filed with its evidence; `missing` lists the kinds."),

    // tax documents
    UBL_INCOMPLETE(409, "This cannot be sent as UBL", "EN 16931 or Peppol asks for something the document has not, or has no place for something it has: one entry of `errors` each."),

    // imports
    FILE_UNREADABLE(422, "The file cannot be read", "Not the announced format, damaged, or without a header row."),

    // devices
    DEVICE_LOCKED(403, "This device is locked", "A manager locked it: its queue can be handed in at `rescue`, nothing else is taken."),
    DEVICE_WIPE(403, "This device is to be wiped", "Hand in its queue at `rescue`, wipe it, and say so; nothing else is taken."),
    DEVICE_REVOKED(403, "This device is no longer trusted", "It was revoked or wiped; `state` says which. Register it anew: it gets number series of its own."),
    DEVICE_SECRET(403, "This is not the device it says it is", "X-Device-Secret is missing or wrong. Register again from the same browser to get a new one."),
    CLIENT_NEWER(409, "The client is newer than this server", "`accepted` is the newest queue format that is read here."),
    SYNC_BUSY(429, "Many devices send at once", "Wait the seconds of Retry-After, then send at most `batch` commands at a time; nothing was taken."),
    LEASE_UNKNOWN(409, "This series is not this device's", "Legal numbers come from the series that were leased to the device for the fiscal year; `accepted` lists them."),
    LEASE_RETIRED(409, "This series is retired", "Its device was revoked; the document can be rescued by a manager."),
    NUMBER_ABOVE_MAX(409, "This number was not leased", "`accepted` is the highest number of the lease; fetch more."),
    NUMBER_TAKEN(409, "This number belongs to another document", "The content is kept for the manager; give the document the next free number."),
    NUMBER_ORDER(409, "Numbers and dates must rise together", "`accepted` is the business date that fits the number (OFF-07)."),
    OFFLINE_ISSUE(409, "No legal number without the tax portal", "The buyer's invoice needs a registration at the portal: send it again without a number (OFF-04)."),
    BOOK_UNKNOWN(409, "This rule book is not known here", "`decided` names a rule book that this server never published."),

    // evidence
    EVIDENCE_OFFSET(409, "This is not the next piece", "`received` is how many bytes have arrived: go on there."),
    EVIDENCE_DIFFERS(409, "The evidence has another hash", "What arrived is not what was announced; it was dropped. Send it again from the start."),
    // feeds
    FEED_INVALID(422, "This is no batch of the data contract", "`rule` and the code of each entry of `errors` name the clause of the contract, `accepted` what would be taken."),

    // questions
    QUESTION_INVALID(422, "This question cannot be asked", "A metric, dimension, filter or window is unknown or does not go with the others; `accepted` lists what does."),

    // the server
    BUSY(503, "Too busy at the moment", "Send it again after the seconds of Retry-After; nothing was changed."),
    UNAVAILABLE(503, "The database cannot be reached", "Send it again after the seconds of Retry-After. A document with the same id is never posted twice."),
    FAULT(500, "Something went wrong in Offtake", "`fault` is the id under which the server's log has it.");

    private final int status;
    private final String title;
    private final String text;

    ProblemCode(int status, String title, String text) {
        this.status = status;
        this.title = title;
        this.text = text;
    }

    /// The HTTP status it is answered with.
    public int status() {
        return status;
    }

    /// What happened, in a few words, the same for every occurrence.
    public String title() {
        return title;
    }

    /// What it means and what to do, for the integrator's guide.
    public String text() {
        return text;
    }
}
