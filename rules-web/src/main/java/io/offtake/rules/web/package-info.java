/// The rules as an ES module for the browser and for Node. Text in, text out: `spec/README.md` is the contract.
package io.offtake.rules.web;
