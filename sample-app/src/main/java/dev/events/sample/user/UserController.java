package dev.events.sample.user;

import java.net.URI;
import java.util.UUID;

import jakarta.validation.Valid;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Users over HTTP.
 */
@RestController
@RequestMapping("/users")
class UserController {

	private final Registration registration;

	private final Users users;

	UserController(Registration registration, Users users) {
		this.registration = registration;
		this.users = users;
	}

	@PostMapping
	ResponseEntity<User> register(@Valid @RequestBody UserRequest request) {
		User user = this.registration.register(request.email(), request.name());
		return ResponseEntity.created(URI.create("/users/" + user.id())).body(user);
	}

	@PutMapping("/{id}")
	User update(@PathVariable UUID id, @Valid @RequestBody UserRequest request) {
		return this.registration.update(new User(id, request.email(), request.name()));
	}

	@GetMapping("/{id}")
	User user(@PathVariable UUID id) {
		return this.users.find(id).orElseThrow(() -> new NoSuchUserException(id));
	}

	@ExceptionHandler
	ProblemDetail refused(RegistrationRefusedException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.UNPROCESSABLE_CONTENT, String.valueOf(ex.getMessage()));
	}

	@ExceptionHandler
	ProblemDetail taken(DuplicateKeyException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, "Another user has this mail address");
	}

}
