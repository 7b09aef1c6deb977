using Mvx.Sink.Extensions.Hosting;
using Mvx.Sink.Files;
using Mvx.Sink.Samples.AspNetCore;

// <three-lines>
WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Logging.AddMvxSink<FileSink, FileSinkConfig>("audit"); // configured by the section MvxSinks:audit
builder.Services.AddHealthChecks().AddMvxSinks();
// </three-lines>

WebApplication app = builder.Build();

// <endpoints>
app.MapHealthChecks("/health");
app.MapGet("/orders/{id}", (string id, ILogger<Program> logger) =>
{
    Log.OrderAnswered(logger, id);
    return Results.Text(id);
});
// </endpoints>

string? ledgerPath = app.Configuration["LedgerPath"];

// <ledger>
FileSink audit = app.Services.GetRequiredService<MvxSinkHost>().Get<FileSink>("audit");
app.Run();

// The host and its services are gone, and so is the sink's thread: the books are closed.
string books = audit.Ledger.ToString();
// </ledger>

if (ledgerPath is not null)
    File.WriteAllText(ledgerPath, $"{audit.Ledger.Accepted} {audit.Ledger.Dropped} {audit.Ledger.Rejected} {audit.Ledger.Delivered} {audit.Ledger.Failed} {audit.Ledger.Undelivered}");
Console.WriteLine(books);
