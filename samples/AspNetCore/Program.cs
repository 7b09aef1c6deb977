using Mvx.Sink.Extensions.Hosting;
using Mvx.Sink.Files;
using Mvx.Sink.Samples.AspNetCore;

// <snippet three-lines>
WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Logging.AddMvxSink<FileSink, FileSinkConfig>("audit"); // configured by the section MvxSinks:audit
builder.Services.AddHealthChecks().AddMvxSinks();
// </snippet>

WebApplication app = builder.Build();

// <snippet endpoints>
app.MapHealthChecks("/health");
app.MapGet("/orders/{id}", (string id, ILogger<Program> logger) =>
{
    Log.OrderAnswered(logger, id);
    return Results.Text(id);
});
// </snippet>

string? ledgerPath = app.Configuration["LedgerPath"];

// <snippet ledger>
FileSink audit = app.Services.GetRequiredService<MvxSinkHost>().Get<FileSink>("audit");
app.Run();

// The host and its services are gone, and so is the sink's thread: the books are closed.
string books = audit.Ledger.ToString();
// </snippet>

if (ledgerPath is not null)
    File.WriteAllText(ledgerPath, $"{audit.Ledger.Accepted} {audit.Ledger.Dropped} {audit.Ledger.Rejected} {audit.Ledger.Delivered} {audit.Ledger.Failed} {audit.Ledger.Undelivered}");
Console.WriteLine(books);
