package io.offtake.governance;

import io.offtake.platform.ProblemCode;

/// One value of a master that is not acceptable: what is wrong, and how to put it right. A form shows it beside the field,
/// an import writes it beside the row.
///
/// @param field the form's field, which is the file's column
public record Fault(String field, ProblemCode code, String wrong, String right) {
    /// A file that holds a business key more than once.
    public static Fault twice(String field, String key) {
        return new Fault(field, ProblemCode.DUPLICATE, key + " stands in the file twice", "Keep one of the rows");
    }
}
