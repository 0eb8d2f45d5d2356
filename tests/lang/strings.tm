# run: tmrun {} -q
# Texts have escapes, and every byte of UTF-8; an empty one keeps its blank.
s = "a \"quoted\" \\ text"
print(s)
print("tab\there", "", "end")
print("größer als", 3, "≤")
print("%d %s %%")
print("")

# expect
# a "quoted" \ text
# tab	here  end
# größer als 3 ≤
# %d %s %%
#
