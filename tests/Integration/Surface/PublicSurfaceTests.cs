using System.Reflection;
using System.Text;

namespace Mvx.Sink.Integration.Surface;

/// <summary>The public API under diff, and free of F# types.</summary>
public sealed class PublicSurfaceTests
{
    public static TheoryData<string> Libraries => [.. Names];

    private static string[] Names =>
    [
        .. Directory.EnumerateFiles(AppContext.BaseDirectory, "Mvx.Sink.*.dll")
            .Select(static path => Path.GetFileNameWithoutExtension(path))
            .Where(static name => name != typeof(PublicSurfaceTests).Assembly.GetName().Name)
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [InlineData("Mvx.Sink.Model")]
    [InlineData("Mvx.Sink.Runtime")]
    public void P2_The_public_surface_is_the_approved_one(string library)
    {
        string received = PublicSurface.Write(Assembly.Load(library));
        string approvedPath = Path.Combine(AppContext.BaseDirectory, "Surface", $"{library}.approved.txt");
        string approved = File.Exists(approvedPath) ? File.ReadAllText(approvedPath).ReplaceLineEndings("\n") : "";
        if (approved == received)
            return;
        string receivedPath = Path.Combine(AppContext.BaseDirectory, "Surface", $"{library}.received.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(receivedPath)!);
        File.WriteAllText(receivedPath, received);
        Assert.Fail($"The public surface of {library} has changed:\n{Difference(approved, received)}\n"
            + $"If that is meant, say so in CHANGELOG.md and accept it:\n  cp {receivedPath} tests/Integration/Surface/{library}.approved.txt");
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void P2_No_public_signature_shows_an_FSharp_type_or_a_tuple(string library)
    {
        string[] offenders =
        [
            .. PublicSurface.TypesOf(Assembly.Load(library)).SelectMany(static type => PublicSurface.MembersOf(type)
                .Where(static member => PublicSurface.TypesIn(member).Any(IsForbidden))
                .Select(member => $"{type.FullName}.{member.Name}")),
        ];
        Assert.True(offenders.Length == 0, $"C# callers would meet an F# type or a tuple in {string.Join(", ", offenders)}.");
    }

    [Fact]
    public void P2_The_check_for_FSharp_types_and_tuples_sees_them()
    {
        MemberInfo[] bad = typeof(BadSignatures).GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly);
        Assert.Equal(7, bad.Length);
        Assert.All(bad, static member => Assert.Contains(PublicSurface.TypesIn(member), IsForbidden));
        Assert.DoesNotContain(PublicSurface.TypesIn(typeof(string).GetMethod(nameof(string.Contains), [typeof(string)])!), IsForbidden);
    }

    [Fact]
    public void P2_The_check_looks_at_every_library()
    {
        Assert.Contains("Mvx.Sink.Model", Names);
        Assert.Contains("Mvx.Sink.Runtime", Names);
    }

    [Fact]
    public void P2_No_namespace_of_ours_hides_a_name_a_user_needs()
    {
        string[] hiding = ["File", "Serilog", "Logging", "System", "Microsoft"];
        foreach (string library in Names)
        {
            Assert.All(Assembly.Load(library).GetExportedTypes(), type =>
            {
                // Extension methods are where users look for them, which may be a namespace of the library they extend.
                if (type is { IsAbstract: true, IsSealed: true } && type.Name.EndsWith("Extensions", StringComparison.Ordinal))
                    return;
                string[] segments = type.Namespace!.Split('.');
                Assert.Equal(library, type.Namespace);
                Assert.DoesNotContain(segments[2], hiding);
            });
        }
    }

    private static bool IsForbidden(Type type) =>
        type.Namespace?.StartsWith("Microsoft.FSharp", StringComparison.Ordinal) == true
        || type.FullName?.StartsWith("System.Tuple`", StringComparison.Ordinal) == true
        || type.FullName?.StartsWith("System.ValueTuple", StringComparison.Ordinal) == true;

    private static string Difference(string approved, string received)
    {
        string[] before = Qualified(approved), after = Qualified(received);
        var text = new StringBuilder();
        foreach (string line in before.Except(after))
            text.Append("  - ").Append(line).Append('\n');
        foreach (string line in after.Except(before))
            text.Append("  + ").Append(line).Append('\n');
        return text.ToString();
    }

    /// <summary>Each member's line with the type it belongs to.</summary>
    private static string[] Qualified(string surface)
    {
        string type = "";
        return [.. surface.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[0] == ' ' ? $"{type} | {line.Trim()}" : type = line)];
    }

    private static class BadSignatures
    {
        public static Microsoft.FSharp.Core.FSharpOption<int>? Option() => null;

        public static IReadOnlyList<Microsoft.FSharp.Collections.FSharpList<int>>? NestedList() => null;

        public static Microsoft.FSharp.Core.FSharpResult<int, int> Result() => default;

        public static void Function(Microsoft.FSharp.Core.FSharpFunc<int, int> function) => _ = function;

        public static Tuple<int, int>? Reference() => null;

        public static (int Left, int Right)[] Values() => [];

        public static void Out(out (int Left, int Right) pair) => pair = default;
    }
}
