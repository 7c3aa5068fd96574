package io.offtake.platform.web;

import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// What ends outside of the controllers (a filter, the container) is answered as a problem, too.
@RestController
@Hidden
class ProblemErrorController implements ErrorController {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemErrorController.class);

    @RequestMapping("/error")
    ResponseEntity<Object> error(HttpServletRequest request) {
        var status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code ? code : 500;
        if (status < 500 || status == 503) return ProblemHandler.ofStatus(status).response();
        var id = ProblemHandler.faultId();
        LOG.error("Fault {} at {}", id, request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI), (Throwable) request.getAttribute(RequestDispatcher.ERROR_EXCEPTION));
        return Problem.of(ProblemCode.FAULT, "Something went wrong in Offtake. The log has it as " + id + ".").with("fault", id).response();
    }
}
