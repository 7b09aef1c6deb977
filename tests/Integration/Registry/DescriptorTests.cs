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
