package dev.events;

/**
 * Names of common events, so that independent modules agree on them. Any other valid name
 * may be used just as well.
 */
public final class EventTypes {

	public static final String USER_CREATED = "user.created";

	public static final String USER_REGISTERED = "user.registered";

	public static final String USER_UPDATED = "user.updated";

	public static final String USER_DELETED = "user.deleted";

	public static final String USER_AUTHENTICATED = "user.authenticated";

	public static final String USER_LOGIN = "user.login";

	public static final String USER_LOGOUT = "user.logout";

	public static final String SESSION_CREATED = "session.created";

	public static final String SESSION_EXPIRED = "session.expired";

	public static final String SESSION_REVOKED = "session.revoked";

	public static final String ACCOUNT_LINKED = "account.linked";

	public static final String ACCOUNT_UNLINKED = "account.unlinked";

	public static final String SUBSCRIPTION_UPDATED = "subscription.updated";

	public static final String SYSTEM_STARTED = "system.started";

	public static final String SYSTEM_SHUTDOWN = "system.shutdown";

	public static final String PLUGIN_LOADED = "plugin.loaded";

	public static final String PLUGIN_UNLOADED = "plugin.unloaded";

	public static final String PLUGIN_EXECUTED = "plugin.executed";

	public static final String DATA_CREATED = "data.created";

	public static final String DATA_UPDATED = "data.updated";

	public static final String DATA_DELETED = "data.deleted";

	public static final String PROJECT_CREATED = "project.created";

	public static final String PROJECT_UPDATED = "project.updated";

	public static final String PROJECT_DELETED = "project.deleted";

	public static final String WORKFLOW_EXECUTED = "workflow.executed";

	public static final String TASK_COMPLETED = "task.completed";

	public static final String NOTIFICATION_SENT = "notification.sent";

	public static final String ERROR_OCCURRED = "error.occurred";

	private EventTypes() {
	}

}
