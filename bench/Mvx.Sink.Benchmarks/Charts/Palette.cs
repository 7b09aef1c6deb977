using Mvx.Sink.Benchmarks.Files;

namespace Mvx.Sink.Benchmarks.Charts;

/// <summary>
/// One colour per family of peers, from the Okabe–Ito set, which people with any kind of colour vision can tell apart. Every mark is labelled as well,
/// so colour only helps.
/// </summary>
internal static class Palette
{
    /// <summary>The class of a peer's marks.</summary>
    public static string Family(string peer) => peer switch
    {
        _ when peer.StartsWith("Mvx", StringComparison.Ordinal) => "ours",
        _ when peer.StartsWith("Channel", StringComparison.Ordinal) || peer == FilePeers.Plain => "channel",
        _ when peer.StartsWith("Open", StringComparison.Ordinal) => "otel",
        _ when peer.StartsWith("NLog", StringComparison.Ordinal) => "nlog",
        _ when peer.StartsWith("Serilog", StringComparison.Ordinal) => "serilog",
        _ => "other",
    };

    public const string Style = """
        text { font-family: ui-sans-serif, system-ui, "Segoe UI", Helvetica, Arial, "DejaVu Sans", sans-serif; font-size: 12px; fill: #1f2933; }
        .back { fill: #ffffff; }
        .title { font-size: 19px; font-weight: 650; }
        .soft { fill: #5f6b7a; }
        .panel { font-size: 13px; font-weight: 650; }
        .small { font-size: 10.5px; }
        .strong { font-weight: 650; }
        .grid { stroke: #e4e8ee; stroke-width: 1; }
        .rule { stroke: #eef1f5; stroke-width: 1; }
        .band { fill: #0072b2; opacity: 0.07; }
        .whisker { stroke-width: 3; stroke-linecap: round; opacity: 0.38; }
        .tick { stroke-width: 2.2; stroke-linecap: round; }
        .ours { fill: #0072b2; stroke: #0072b2; }
        .channel { fill: #d55e00; stroke: #d55e00; }
        .otel { fill: #009e73; stroke: #009e73; }
        .nlog { fill: #b5558c; stroke: #b5558c; }
        .serilog { fill: #b8860b; stroke: #b8860b; }
        .other { fill: #6b7785; stroke: #6b7785; }
        .solid { stroke: none; }
        @media (prefers-color-scheme: dark) {
          text { fill: #e6eaf0; }
          .back { fill: #12161c; }
          .soft { fill: #9aa7b6; }
          .grid { stroke: #2a323d; }
          .rule { stroke: #1c222b; }
          .band { fill: #56b4e9; opacity: 0.10; }
          .ours { fill: #56b4e9; stroke: #56b4e9; }
          .channel { fill: #ff8a3d; stroke: #ff8a3d; }
          .otel { fill: #2fd0a0; stroke: #2fd0a0; }
          .nlog { fill: #e39ac4; stroke: #e39ac4; }
          .serilog { fill: #f0c14b; stroke: #f0c14b; }
          .other { fill: #9aa7b6; stroke: #9aa7b6; }
        }
        .ring { stroke-width: 2; fill-opacity: 0.12; }
        """;
}
