namespace Mvx.Sink.Integration.Guides.WriteASink;

// <event>
public sealed record AuditEntry(string User, string Action);
// </event>
