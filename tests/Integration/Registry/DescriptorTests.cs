namespace Mvx.Sink.Integration.Registry;

public sealed class DescriptorTests
{
    public static TheoryData<object?[], object?[]> Equal => new()
    {
        { [], [] },
        { ["a", 1, null, true], ["a", 1, null, true] },
        { [new[] { 1, 2 }], [new List<object?> { 1, 2 }] },
        { [new object?[] { "a", new[] { "b", "c" } }], [new object?[] { "a", new List<string> { "b", "c" } }] },
        { [new Dictionary<string, int> { ["k"] = 1 }], [new Dictionary<string, int> { ["k"] = 1 }] },
        { [new Uri("http://a/")], [new Uri("http://a/")] },
        { [Array.Empty<int>()], [new List<string>()] },
        { [("a", new[] { 1, 2 })], [("a", new List<int> { 1, 2 })] },
        { [Tuple.Create("a", new[] { 1 })], [Tuple.Create("a", new[] { 1 })] },
        { [("a", 1)], [Tuple.Create("a", 1)] },
        { [(1, 2, 3, 4, 5, 6, 7, 8, new[] { 9 })], [(1, 2, 3, 4, 5, 6, 7, 8, new[] { 9 })] },
        { [KeyValuePair.Create("k", new[] { 1 })], [KeyValuePair.Create("k", new[] { 1 })] },
        { [new Dictionary<string, int[]> { ["k"] = [1, 2] }], [new Dictionary<string, int[]> { ["k"] = [1, 2] }] },
        { [new System.Collections.Hashtable { ["k"] = new[] { 1 } }], [new System.Collections.Hashtable { ["k"] = new[] { 1 } }] },
        { [(1, ("a", KeyValuePair.Create(2, new[] { ("b", new[] { 3.0 }) })))], [(1, ("a", KeyValuePair.Create(2, new[] { ("b", new[] { 3.0 }) })))] },
        { [new[,] { { 1, 2 }, { 3, 4 } }], [new[] { new[] { 1, 2 }, new[] { 3, 4 } }] },
        { [new int[][] { [1], [2, 3] }], [new int[][] { [1], [2, 3] }] },
        { [double.NaN, (double.NaN, 0)], [double.NaN, (double.NaN, 0)] },
    };

    public static TheoryData<object?[], object?[]> Different => new()
    {
        { [], [null] },
        { ["a"], ["A"] },
        { ["a", "b"], ["b", "a"] },
        { [1], [1L] },
        { ["ab"], [new[] { 'a', 'b' }] },
        { [new[] { 1, 2 }], [new[] { 2, 1 }] },
        { [new[] { 1, 2 }], [new[] { 1, 2, 3 }] },
        { [new[] { 1 }], [1] },
        { [new object?[] { "a", new[] { "b" } }], [new object?[] { "a", new[] { "c" } }] },
        { [null], [""] },
        { [("a", new[] { 1, 2 })], [("a", new[] { 2, 1 })] },
        { [("a", new[] { 1 })], [("b", new[] { 1 })] },
        { [("a", 1)], [("a", 1L)] },
        { [("a", 1)], [("a", 1, 1)] },
        { [("a", (int[]?)null)], [("a", Array.Empty<int>())] },
        { [(1, 2)], [new[] { 1, 2 }] },
        { [("k", new[] { 1 })], [KeyValuePair.Create("k", new[] { 1 })] },
        { [KeyValuePair.Create("k", new[] { 1 })], [KeyValuePair.Create("k", new[] { 2 })] },
        { [new Dictionary<string, int[]> { ["k"] = [1, 2] }], [new Dictionary<string, int[]> { ["k"] = [1, 3] }] },
        { [new[,] { { 1, 2 }, { 3, 4 } }], [new[,] { { 1, 2, 3, 4 } }] },
        { [new int[][] { [1], [2, 3] }], [new int[][] { [1, 2], [3] }] },
    };

    [Theory]
    [MemberData(nameof(Equal))]
    public void R1_Descriptors_are_equal_by_value_element_by_element(object?[] left, object?[] right)
    {
        AssertEqual(new SinkDescriptor("t", left, []), new SinkDescriptor("t", right, []));
        AssertEqual(new SinkDescriptor("t", [], left), new SinkDescriptor("t", [], right));
    }

    [Theory]
    [MemberData(nameof(Different))]
    public void R2_Descriptors_differ_when_an_element_does(object?[] left, object?[] right)
    {
        Assert.NotEqual(new SinkDescriptor("t", left, []), new SinkDescriptor("t", right, []));
        Assert.NotEqual(new SinkDescriptor("t", [], left), new SinkDescriptor("t", [], right));
    }

    [Fact]
    public void R2_Descriptors_differ_by_type_and_keys_do_not_run_together()
    {
        Assert.NotEqual(new SinkDescriptor("t", [], []), new SinkDescriptor("T", [], []));
        Assert.NotEqual(new SinkDescriptor("t", [1], []), new SinkDescriptor("t", [], [1]));
        Assert.False(new SinkDescriptor("t", [], []).Equals(null));
        Assert.True(new SinkDescriptor("t", [], []) != new SinkDescriptor("u", [], []));
    }

    [Fact]
    public void R1_A_descriptor_copies_what_it_is_given_inside_and_out()
    {
        var inner = new List<int> { 1 };
        List<object?> outer = ["a", inner];
        var descriptor = new SinkDescriptor("t", outer, outer);
        inner.Add(2);
        outer.Add("b");
        Assert.Equal(new SinkDescriptor("t", ["a", new[] { 1 }], ["a", new[] { 1 }]), descriptor);
        Assert.Throws<NotSupportedException>(() => ((IList<object?>)descriptor.ResourceKey)[0] = "z");
    }

    [Fact]
    public void R1_A_descriptor_copies_what_is_inside_tuples_and_pairs()
    {
        var inner = new List<int> { 1 };
        object?[] key = [("a", inner), KeyValuePair.Create("k", inner), Tuple.Create(Tuple.Create(inner))];
        var descriptor = new SinkDescriptor("t", key, key);
        int hash = descriptor.GetHashCode();
        inner.Add(2);
        object?[] before = [("a", new[] { 1 }), KeyValuePair.Create("k", new[] { 1 }), Tuple.Create(Tuple.Create(new[] { 1 }))];
        AssertEqual(new SinkDescriptor("t", before, before), descriptor);
        Assert.Equal(hash, descriptor.GetHashCode());
        Assert.Equal(("plain", 1), Assert.IsType<(string, int)>(new SinkDescriptor("t", [("plain", 1)], []).ResourceKey[0]));
    }

    [Fact]
    public void R1_Descriptors_that_differ_inside_seldom_have_one_hash()
    {
        int hashes = Enumerable.Range(0, 100).Select(static i => new SinkDescriptor("t", ["path"], [("a", new[] { i })]).GetHashCode()).Distinct().Count();
        Assert.InRange(hashes, 90, 100);
    }

    [Fact]
    public void R3_A_key_that_contains_itself_is_refused()
    {
        List<object?> endless = [1];
        endless.Add(("again", endless));
        Assert.Equal("configKey", Assert.Throws<ArgumentException>(() => new SinkDescriptor("t", [], endless)).ParamName);
        Assert.Equal("resourceKey", Assert.Throws<ArgumentException>(() => new SinkDescriptor("t", endless, [])).ParamName);
    }

    [Fact]
    public void R2_A_descriptor_shows_tuples_and_pairs_with_what_is_in_them()
    {
        var descriptor = new SinkDescriptor("t", [("a", new[] { 1, 2 }), (true, 1)], [new Dictionary<string, object?> { ["k"] = new[] { "x" }, ["l"] = null }]);
        Assert.Equal("""t [("a", [1, 2]), (true, 1)] [["k": ["x"], "l": null]]""", descriptor.ToString());
        Assert.Equal("""("a", [1, 2])""", descriptor.ResourceKey[0]!.ToString());
    }

    [Fact]
    public void R2_A_descriptor_shows_all_it_holds()
    {
        var descriptor = new SinkDescriptor("file", ["/var/log", null], [10, true, false, new object?[] { "x", new[] { 1 } }]);
        Assert.Equal("""file ["/var/log", null] [10, true, false, ["x", [1]]]""", descriptor.ToString());
        Assert.Equal("file", descriptor.SinkType);
        Assert.Equal(["/var/log", null], descriptor.ResourceKey);
        Assert.Equal(4, descriptor.ConfigKey.Count);
    }

    [Fact]
    public void R3_Bad_descriptor_parts_name_the_argument()
    {
        Assert.Equal("sinkType", Assert.Throws<ArgumentNullException>(static () => new SinkDescriptor(null!, [], [])).ParamName);
        Assert.Equal("sinkType", Assert.Throws<ArgumentException>(static () => new SinkDescriptor(" ", [], [])).ParamName);
        Assert.Equal("resourceKey", Assert.Throws<ArgumentNullException>(static () => new SinkDescriptor("t", null!, [])).ParamName);
        Assert.Equal("configKey", Assert.Throws<ArgumentNullException>(static () => new SinkDescriptor("t", [], null!)).ParamName);
    }

    private static void AssertEqual(SinkDescriptor left, SinkDescriptor right)
    {
        Assert.Equal(left, right);
        Assert.True(left == right);
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
    }
}
