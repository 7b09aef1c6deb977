namespace Mvx.Sink.Integration.Docs.Examples;

public interface ITable
{
    Task InsertAsync(ReadOnlyMemory<string> rows, CancellationToken cancellationToken);
}

// <batch>
public sealed class TableSink(ITable table)
    : AsyncSink<string>(new SinkOptions { MaxBatchSize = 500, MaxBatchDelay = TimeSpan.FromMilliseconds(200) })
{
    protected override async ValueTask DispatchBatchAsync(ReadOnlyMemory<string> batch, CancellationToken cancellationToken) =>
        await table.InsertAsync(batch, cancellationToken);

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken) =>
        DispatchBatchAsync(new[] { item }, cancellationToken);
}
// </batch>
